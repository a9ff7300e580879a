from .compile import keep_ready as keep_ready
from .facets import Facets as Facets
from .facets import Where as Where
from .index import Index as Index
from .snapshot import Busy as Busy
from .snapshot import Damaged as Damaged
from .snapshot import NoSnapshot as NoSnapshot
from .snapshot import alone as alone
