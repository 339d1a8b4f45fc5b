"""Writes the cases of tests/vectors: `python -m tests.vectors.make`. What has chance in it is kept as it was."""

from tests.vectors.make.clients import clients
from tests.vectors.make.directory import directory
from tests.vectors.make.enrolment import enrolment
from tests.vectors.make.escrows import escrow, sharing
from tests.vectors.make.events import events
from tests.vectors.make.fields import inbox_fields
from tests.vectors.make.grants import grants
from tests.vectors.make.ledgers import ledger
from tests.vectors.make.notes import checkpoints, notes
from tests.vectors.make.notices import notices
from tests.vectors.make.passing import passing
from tests.vectors.make.primitives import devices, primitives
from tests.vectors.make.redeals import redeals
from tests.vectors.make.requests import requests
from tests.vectors.make.rooms import epochs, rooms
from tests.vectors.make.wire import padding, wire
from tests.vectors.make.witnesses import certificates, cosignatures

TOPICS = (
    wire,
    padding,
    primitives,
    devices,
    rooms,
    epochs,
    events,
    escrow,
    sharing,
    inbox_fields,
    ledger,
    notes,
    checkpoints,
    enrolment,
    directory,
    clients,
    grants,
    requests,
    passing,
    redeals,
    notices,
    cosignatures,
    certificates,
)

if __name__ == "__main__":
    for make in TOPICS:
        make().write()
