"""Whether a mail's sender is who they say, and how that was found out."""

from collections.abc import Iterable
from dataclasses import dataclass

from cases.traffic import Checks
from intake.channels.mail.addresses import mailboxes
from intake.channels.mail.auth_results import Result, Statement, statement
from intake.channels.mail.dkim_check import Chain, arc_chain, dkim_results
from intake.channels.mail.dmarc_check import Policy, aligned, policy_of
from intake.channels.mail.dns import Lookup
from intake.channels.mail.mime import Fields, split_head
from intake.channels.mail.spf_check import spf_result

WORDS = {
    "pass": "pasa",
    "fail": "falla",
    "hardfail": "falla",
    "softfail": "falla leve",
    "neutral": "neutral",
    "none": "ninguno",
    "policy": "no basta",
    "temperror": "sin respuesta",
    "permerror": "mal configurado",
}


@dataclass(frozen=True, slots=True)
class Handover:
    """Who handed a mail over: the machine's address, how it called itself, and whose mail it said it was."""

    address: str
    helo: str
    mail_from: str


@dataclass(frozen=True, slots=True)
class Findings:
    """What the methods said about a mail from `author`; `vouched`: a server that is trusted saw it pass on its way.

    `clear`: exactly one address stands in From, and so the checks are about the one that people see.
    """

    author: str
    clear: bool
    spf: tuple[str, str]
    dkim: tuple[tuple[str, str], ...]
    policy: Policy
    arc: str
    vouched: bool
    dmarc: str


def author_of(fields: Fields) -> tuple[str, bool]:
    """Return the domain in From and whether it is the only one (RFC 7489, 6.6.1); an empty one if there is none."""
    values = fields.all("from")
    boxes = [box for value in values for box in mailboxes(value)]
    domain = boxes[0].address.rpartition("@")[2].strip(".").lower() if boxes else ""
    try:
        domain = domain if domain.isascii() else domain.encode("idna").decode("ascii")
    except UnicodeError:
        domain = ""
    return (domain if "." in domain else ""), len(values) == 1 and len(boxes) == 1


def examined(mail: bytes, handover: Handover, lookup: Lookup, sealers: Iterable[str]) -> Checks:
    """Check a mail that its sender's server handed over itself; blocks for as long as the lookups take."""
    author, clear = author_of(split_head(mail)[0])
    spf = spf_result(handover.address, handover.mail_from, handover.helo, lookup)
    dkim = tuple(dkim_results(mail, lookup))
    policy = policy_of(author, lookup) if author else Policy("none")
    chain = arc_chain(mail, lookup)
    found = Findings(
        author, clear, spf, dkim, policy, chain.result, _vouched(chain, author, frozenset(sealers)),
        _dmarc(author, spf, dkim, policy),
    )  # fmt: skip
    return concluded(found)


def reported(found: Statement, fields: Fields) -> Checks:
    """Take over what the server in front of this one found."""
    author, clear = author_of(fields)
    dmarc = [result for result in found.of("dmarc") if result.properties.get("header.from", author) == author]
    arc = _values(found.of("arc"))
    spf = next(iter(found.of("spf")), None)
    return concluded(
        Findings(
            author,
            clear,
            (_plain(spf.value), _spf_domain(spf)) if spf else ("none", ""),
            tuple((result.value, _dkim_domain(result)) for result in found.of("dkim")),
            Policy("found" if dmarc and dmarc[0].value in ("pass", "fail") else "none"),
            arc,
            arc == "pass",
            dmarc[0].value if dmarc else "none",
        )
    )


def concluded(found: Findings) -> Checks:
    """Weigh what was found: a pass that speaks for the author proves, a failure that the domain meant disproves."""
    return Checks(_proven(found), _summary(found))


def _proven(found: Findings) -> bool | None:
    if not found.author:
        return None
    policy = found.policy
    passes = (
        found.dmarc == "pass"
        or any(
            result == "pass" and aligned(domain, found.author, strict=policy.strict_dkim)
            for result, domain in found.dkim
        )
        or (found.spf[0] == "pass" and aligned(found.spf[1], found.author, strict=policy.strict_spf))
    )
    if passes and found.dmarc != "fail":
        return True if found.clear else None
    if found.vouched:
        return None
    unsure = found.policy.state == "temperror" or any(result == "temperror" for result, _ in found.dkim)
    if found.dmarc == "fail" or (found.dmarc == "none" and found.spf[0] == "fail" and not unsure):
        return False
    return None


def _dmarc(author: str, spf: tuple[str, str], dkim: tuple[tuple[str, str], ...], policy: Policy) -> str:
    """Return DMARC's result (RFC 7489, 6.6.2); where the DNS did not answer nobody can say that it failed."""
    if policy.state != "found":
        return policy.state
    if spf[0] == "pass" and aligned(spf[1], author, strict=policy.strict_spf):
        return "pass"
    about = [(result, aligned(domain, author, strict=policy.strict_dkim)) for result, domain in dkim]
    if ("pass", True) in about:
        return "pass"
    unsure = ("temperror", True) in about or (
        spf[0] == "temperror" and aligned(spf[1], author, strict=policy.strict_spf)
    )
    return "temperror" if unsure else "fail"


def _vouched(chain: Chain, author: str, sealers: frozenset[str]) -> bool:
    """Say whether a trusted server, with only trusted ones behind it, saw the author's mail pass (RFC 8617, 7.2.1)."""
    for domain, value in chain.seals:
        if not any(aligned(domain, sealer) for sealer in sealers):
            return False
        if _saw_it_pass(statement(value.partition(b";")[2]), author):
            return True
    return False


def _saw_it_pass(found: Statement, author: str) -> bool:
    dmarc = any(
        result.value == "pass" and result.properties.get("header.from", author) == author
        for result in found.of("dmarc")
    )
    dkim = any(
        result.value == "pass" and aligned(_dkim_domain(result), author) for result in found.of("dkim")
    )
    spf = any(result.value == "pass" and aligned(_spf_domain(result), author) for result in found.of("spf"))
    return dmarc or dkim or spf


def _dkim_domain(result: Result) -> str:
    stated = result.properties.get("header.d") or result.properties.get("header.i", "")
    return stated.rpartition("@")[2]


def _spf_domain(result: Result) -> str:
    stated = result.properties.get("smtp.mailfrom") or result.properties.get("smtp.helo", "")
    return stated.rpartition("@")[2].strip("<>")


def _plain(value: str) -> str:
    return "fail" if value == "hardfail" else value


def _values(results: list[Result]) -> str:
    return results[0].value if results else "none"


def _summary(found: Findings) -> str:
    """Say what each method said, in a line that a person reads."""
    spf = _word(found.spf[0]) + (f" ({found.spf[1]})" if found.spf[0] == "pass" and found.spf[1] else "")
    best = sorted(found.dkim, key=lambda one: (one[0] != "pass", not aligned(one[1], found.author)))[:1]
    dkim = ", ".join(
        f"{_word(result)} ({domain})" if domain else _word(result) for result, domain in best
    ) or _word("none")
    arc = _word(found.arc) + (" (de confianza)" if found.vouched else "")
    words = f"SPF: {spf}; DKIM: {dkim}; DMARC: {_word(found.dmarc)}; ARC: {arc}"
    return words if found.clear or not found.author else f"{words}; varios remitentes"


def _word(value: str) -> str:
    return WORDS.get(value, value[:20])
