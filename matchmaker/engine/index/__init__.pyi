from .arrayfile import Busy as Busy
from .arrayfile import Damaged as Damaged
from .arrayfile import NoSnapshot as NoSnapshot
from .arrayfile import alone as alone
from .compile import keep_ready as keep_ready
from .facets import Facets as Facets
from .facets import Where as Where
from .index import Index as Index
