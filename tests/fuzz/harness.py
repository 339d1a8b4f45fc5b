"""Every parser by name, and what must hold of it: one line each. `make test-fuzz` and test_corpus.py run them all.

A new parser takes one line here and, in corpus/<name>/, a small file or two that it accepts.
"""

from typing import Final

from bot.client.link import read_link
from bot.core import codec, feed, people, press, questions, roster, swaps
from bot.core.disclosures import disclosure_kind
from bot.core.errors import BadContent, BadInput, Unavailable
from bot.core.hours import local_instant
from bot.core.receipt import receipt_from_text, receipt_to_text
from bot.seal import (
    certificate,
    checkpoint,
    cosignature,
    directory,
    enrolment,
    epoch,
    grant,
    keys,
    note,
    opening,
    padding,
    passing,
    redeal,
    wire,
)
from bot.seal.errors import SealError
from bot.seal.labels import Label
from bot.web import gateway
from tests.fuzz import answered, asked, files, library, sealed, spoken, written
from tests.fuzz.holds import Target, again, exactly, refuses, text, utf8
from tests.fuzz.spoken import from_object, to_json
from tests.fuzz.written import told_by_path

TARGETS: Final[dict[str, Target]] = {
    # bot/seal: only what the writer writes is accepted (FORMAT.md), and what is accepted can be checked
    "wire": sealed.wire,
    "base64url": text(exactly(wire.from_base64url, wire.to_base64url, SealError)),
    "padding": exactly(padding.unpad, padding.pad, SealError),
    "device-public": exactly(keys.public_from_bytes, keys.public_to_bytes, SealError),
    "device-secret": exactly(keys.secret_from_bytes, keys.secret_to_bytes, SealError),
    "signing-secret": exactly(keys.signing_from_bytes, keys.signing_to_bytes, SealError),
    "event": sealed.event_bytes,
    "manifest": exactly(epoch.manifest_from_bytes, epoch.manifest_to_bytes, SealError),
    "escrow": sealed.escrow_bytes,
    "shares": sealed.shares,
    "inbox": refuses(sealed.inbox, SealError),
    "sealed-question": refuses(asked.opened, SealError),
    "field": sealed.field,
    "note": text(exactly(sealed.verify_note, sealed.note_to_text, SealError)),
    "key-name": text(refuses(sealed.key_name, SealError)),
    "verifier": text(exactly(note.verifier_from_text, note.verifier_to_text, SealError)),
    "checkpoint": text(exactly(checkpoint.checkpoint_from_text, checkpoint.checkpoint_to_text, SealError)),
    "proofs": sealed.proofs,
    "notes": text(sealed.notes),
    "witness-key": text(exactly(cosignature.witness_from_text, cosignature.witness_to_text, SealError)),
    "witness-secret": text(
        exactly(cosignature.secret_from_text, lambda own: cosignature.secret_to_text(*own), SealError)
    ),
    "certificate": text(
        exactly(certificate.certificate_from_text, certificate.certificate_to_text, SealError)
    ),
    "bundle": exactly(
        enrolment.bundle_from_bytes,
        sealed.statement_bytes(Label.BUNDLE_BYTES, Label.BUNDLE, sealed.bundle_fields),
        SealError,
    ),
    "approval": exactly(
        enrolment.approval_from_bytes,
        sealed.statement_bytes(Label.APPROVAL_BYTES, Label.APPROVAL, sealed.approval_fields),
        SealError,
    ),
    "introduction": exactly(
        enrolment.introduction_from_bytes,
        sealed.statement_bytes(Label.INTRODUCTION_BYTES, Label.INTRODUCTION, sealed.introduction_fields),
        SealError,
    ),
    "directory": exactly(directory.directory_from_bytes, directory.directory_to_bytes, SealError),
    "grant": exactly(grant.grant_from_bytes, grant.grant_to_bytes, SealError),
    "opening-request": exactly(
        opening.request_from_bytes,
        sealed.statement_bytes(Label.OPENING_REQUEST_BYTES, Label.OPENING_REQUEST, sealed.request_fields),
        SealError,
    ),
    "passed-share": exactly(passing.passed_from_bytes, sealed.passed_bytes, SealError),
    "redeal": exactly(
        redeal.redeal_from_bytes,
        sealed.statement_bytes(Label.REDEAL_BYTES, Label.REDEAL, sealed.redeal_fields),
        SealError,
    ),
    "wrapped-key": sealed.wrapped,
    # what people write
    "roster-csv": refuses(written.csv, BadInput),
    "roster-ics": refuses(written.ics, BadInput),
    "roster-lines": written.roster_lines,
    "feed-address": text(refuses(feed.check_address, BadInput)),
    "yaml": utf8(refuses(written.yaml, BadInput)),
    "organisation": utf8(refuses(told_by_path(written.organisation), BadContent)),
    "people": utf8(refuses(told_by_path(written.people), BadContent)),
    "access": utf8(refuses(told_by_path(written.access), BadContent)),
    "channels": utf8(refuses(told_by_path(written.channels), BadContent)),
    "retention": utf8(refuses(told_by_path(written.retention), BadContent)),
    "openings": utf8(refuses(told_by_path(written.openings), BadContent)),
    "secrecy": utf8(refuses(told_by_path(written.secrecy), BadContent)),
    "waking": utf8(refuses(told_by_path(written.waking), BadContent)),
    "witnesses": utf8(refuses(told_by_path(written.witnesses), BadContent)),
    "guard-rules": utf8(refuses(told_by_path(written.guard_rules), BadContent)),
    "lexicon": utf8(refuses(told_by_path(written.lexicon), BadContent)),
    "guard-document": utf8(refuses(told_by_path(files.guard_document), BadContent)),
    "packed-names": utf8(refuses(told_by_path(files.packed), BadContent)),
    "article": utf8(refuses(told_by_path(written.front_matter), BadContent)),
    "article-kept": utf8(refuses(library.kept, BadContent)),
    "article-drawn": utf8(refuses(asked.drawn, BadContent)),
    "article-approved": utf8(refuses(library.approved, (BadContent, BadInput))),
    "preview": utf8(refuses(told_by_path(library.previewed), BadContent)),
    "glossary": utf8(refuses(told_by_path(written.terms), BadContent)),
    "glossary-at-work": utf8(refuses(told_by_path(library.terms), BadContent)),
    "law-sections": utf8(refuses(told_by_path(library.law_list), BadContent)),
    "law-changes": utf8(refuses(library.changes, BadInput)),
    "citations": text(library.cited),
    "content-folder": refuses(files.folder, BadContent),
    "content-digest": files.digested,
    "batch-file": refuses(asked.batch, BadInput),
    "sentences": utf8(refuses(told_by_path(written.sentences), BadContent)),
    "settings": text(refuses(written.environment, BadInput)),
    "instant": text(again(local_instant, lambda at: at.isoformat(timespec="seconds"), BadInput)),
    # what comes from outside while it runs
    "press": text(exactly(press.parse, press.encode, BadInput)),
    "telegram": spoken.update,
    "guard": text(spoken.judged),
    "library": text(spoken.found),
    "entries": text(library.searched),
    "danger": text(library.urgent),
    "kept-question": utf8(asked.kept),
    "learn-path": text(asked.path),
    "learn-form": asked.form,
    "questions-query": text(asked.query),
    "receipt": text(exactly(receipt_from_text, receipt_to_text, BadInput)),
    "disclosure": text(exactly(written.disclosure, disclosure_kind, BadInput)),
    "web-bodies": spoken.bodies,
    "call-report": refuses(gateway.came_of, BadInput),
    "call-taken": spoken.call_taken,
    "passkey": refuses(answered.passkey, BadInput),
    # what a client reads
    "invitation-link": text(refuses(read_link, BadInput)),
    "server-answer": answered.answer,
    "question": again(questions.question_from_bytes, questions.question_to_bytes, BadInput),
    "questions-answer": refuses(asked.listed, (SealError, Unavailable)),
    "question-counts": refuses(asked.counted, (SealError, Unavailable)),
    "served-files": refuses(asked.files, (SealError, BadInput)),
    "pins-file": refuses(answered.pins, Unavailable),
    "waiting-file": refuses(answered.waiting, Unavailable),
    "witness-state": refuses(answered.witnessed, Unavailable),
    "demo-markup": text(spoken.written),
    # what rows and the ledger hold
    "consultation": again(codec.decode_consultation, codec.encode_consultation, BadInput),
    "consultation-entry": again(codec.parse_consultation_body, spoken.entry_body, BadInput),
    "fact-entry": again(codec.parse_fact_body, codec.fact_body, BadInput),
    "object": again(codec.object_from_json, codec.to_json, BadInput),
    "person": again(from_object(people.from_dict), to_json(people.to_dict), BadInput),
    "shift": again(from_object(roster.shift_from_dict), to_json(roster.shift_to_dict), BadInput),
    "swap": again(from_object(swaps.swap_from_dict), to_json(swaps.swap_to_dict), BadInput),
    "override": again(from_object(roster.override_from_dict), to_json(roster.override_to_dict), BadInput),
}
