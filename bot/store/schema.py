"""The whole schema: every module that defines tables, so that the metadata is complete."""

from bot.store import (
    coverage_tables,
    device_tables,
    feed_tables,
    grave_tables,
    handover_tables,
    opening_tables,
    post_tables,
    publishing_tables,
    question_tables,
    readiness_tables,
    register_tables,
    retention_tables,
    ring_tables,
    swap_tables,
    tables,
    talk_tables,
    timer_tables,
    token_tables,
    witness_tables,
)
from bot.store.metadata import METADATA

MODULES = (
    tables,
    device_tables,
    talk_tables,
    opening_tables,
    retention_tables,
    witness_tables,
    question_tables,
    publishing_tables,
    feed_tables,
    handover_tables,
    post_tables,
    token_tables,
    coverage_tables,
    readiness_tables,
    timer_tables,
    ring_tables,
    register_tables,
    swap_tables,
    grave_tables,
)

__all__ = ["METADATA", "MODULES"]
