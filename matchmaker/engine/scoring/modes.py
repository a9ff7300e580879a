"""Cooperation modes and their groups, as the cooperation plan's code lists name them."""

from __future__ import annotations

from collections.abc import Iterable

MODE_GROUPS: dict[str, tuple[str, ...]] = {
    "talent_exchange": (
        "service_team", "extension_worker", "secondment", "dual_appointment",
        "flexible_recruitment", "talent_enclave", "apprenticeship", "training",
        "science_popularisation", "county_assistance",
    ),
    "technology_transfer": (
        "results_transfer", "industrialisation", "demonstration", "pilot_scale",
        "east_rd_west_manufacturing", "green_technology_bank", "digital_application",
    ),
    "joint_research": ("key_technology_project", "special_project", "basic_research"),
    "platform_building": (
        "joint_laboratory", "key_laboratory", "field_station", "data_centre",
        "innovation_centre", "open_platform", "innovation_consortium",
    ),
    "resource_sharing": (
        "germplasm", "data_sharing", "instruments", "field_base", "monitoring_network",
    ),
    "park_partnership": (
        "park_twinning", "park_enclave", "sub_park", "joint_park", "contracting_out", "franchising",
        "strategic_investor", "supply_chain",
    ),
}  # fmt: skip
GROUPS = tuple(MODE_GROUPS)
_GROUP_OF = {mode: group for group, modes in MODE_GROUPS.items() for mode in modes}


def group_of(code: str) -> str | None:
    """Return the group of a cooperation mode.

    Parameters
    ----------
    code : str
        A mode or a group.

    Returns
    -------
    str | None
        The group; a group is its own; None for an unknown code.

    Examples
    --------
    >>> group_of("secondment")
    'talent_exchange'
    """
    return code if code in MODE_GROUPS else _GROUP_OF.get(code)


def groups_of(codes: Iterable[str]) -> frozenset[str]:
    """Return the groups of some mode or group codes."""
    return frozenset(group for group in map(group_of, codes) if group)


# A listing with these modes only is about goods: nothing is transferred or learnt.
MARKET = frozenset({"industrialisation", "supply_chain"})
CODES = (*GROUPS, *_GROUP_OF)


def likeness(wanted: str, offered: str) -> float:
    """Return how well an offered mode answers a wanted one.

    1 for the same mode or its group; 0.5 for a sibling or a single member of the wanted group.
    """
    if wanted == offered:
        return 1.0
    group = group_of(wanted)
    if group is None or group != group_of(offered):
        return 0.0
    return 1.0 if offered == group else 0.5
