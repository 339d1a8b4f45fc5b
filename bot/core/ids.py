"""The names of things: identifiers that a type checker keeps apart."""

from typing import NewType

OrganisationId = NewType("OrganisationId", str)  # "malmo"; a file in policies/organisations
AreaId = NewType("AreaId", str)  # a social-services area of one organisation
DistrictId = NewType("DistrictId", str)  # a lokalpolisområde
PersonId = NewType("PersonId", str)  # UUIDv7, or a speaking id in the demo ("p-malmo-1")
ConsultationId = NewType("ConsultationId", str)  # UUIDv7
RoomId = NewType("RoomId", str)  # UUIDv7
OfferId = NewType("OfferId", str)  # UUIDv7; the opaque reference in a doorbell
ArticleId = NewType("ArticleId", str)  # "A01"
StepId = NewType("StepId", str)  # a step of a chain, unique within its organisation
