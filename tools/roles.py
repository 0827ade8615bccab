"""Write docs/roles.md: each act, and who may do it."""

from pathlib import Path

from jewelrymodel.accounts.rights import HOLDERS, Act, Holder

ROOT = Path(__file__).parents[1]
OUT = ROOT / "docs/roles.md"
HEAD = """# Roles

Who may do what on the pages. Made by `tools/roles.py` of the one table that every door asks
(`src/jewelrymodel/accounts/rights.py`); a test refuses this page where it is no longer so, and
another tries every address in every role.

**People of an account** are its owners, who may do everything there; those who handle *billing*;
and *members*, who work in the studio and the library. **Our own people** are *agents*, who answer
requests, and *operators*, who run the service besides. Somebody can be both, but **nobody decides
or approves anything about an account that they belong to**. Outside the demo the desk asks our own
people for a second factor. What another account owns doesn't exist for anybody but our own people.

"""
WORDS = {
    Act.VISIT: "see the public pages, the demo’s own in the demo",
    Act.SIGN_IN: "sign up, sign in, and keep one’s own sign-in safe",
    Act.USE_KEY: "open what a secret link leads to; send events as a processor or a generator",
    Act.PROFILE: "see where one is signed in; keep one’s closed account",
    Act.STUDIO: "upload photos, cut out, order images with the account’s credits",
    Act.LIBRARY: "see, sort, download, and delete pieces and images",
    Act.OWN_MODELS: "ask people to be models, set them up, remove them",
    Act.CREDITS: "see the balance and what credits were used for",
    Act.BILLING: "buy, see orders and receipts, cancel and resume subscriptions",
    Act.REQUESTS: "ask for help about images or the service, and read the answers",
    Act.MONEY_REQUESTS: "ask for refunds, and read what was decided about payments",
    Act.SETTINGS: "change one’s own name, language, and emails; download one’s own data",
    Act.EXPORT: "download all data of the account",
    Act.ACCOUNT: "change what the account is called, where it is, and as what it buys",
    Act.PEOPLE: "invite people, change their roles, remove them",
    Act.CLOSE_ACCOUNT: "close the account",
    Act.DESK: "read requests, customers, orders, decisions, disputes, and checks",
    Act.CASES: "answer, assign, extend, and close requests",
    Act.SAVED_REPLIES: "write, change, and remove saved replies",
    Act.DECIDE: "decide requests and review images that are called damaged",
    Act.APPROVE: "give second approval to what a colleague decided",
    Act.HELD_ORDERS: "deliver, refund, or close orders that are held for review",
    Act.BANK_TRANSFERS: "record refunds sent by bank transfer, and payments made elsewhere",
    Act.INBOUND_EMAIL: "release or dismiss quarantined email",
    Act.PROCESSOR_MESSAGES: "retry or dismiss messages of the payment processor",
    Act.INCIDENTS: "open, correct, close, and withdraw incidents",
    Act.REPORTS: "read how fast requests were answered, and what who decided",
    Act.MARGINS: "see what images cost and bring in",
    Act.SERVICE: "see how the service is set up, and test it",
    Act.PRICES: "publish prices",
    Act.GIVE_CREDITS: "give an account credits, and take back what is left of them",
    Act.STAFF: "let our own people in and out, and give them roles",
    Act.RECORD: "read the record of sign-ins, refusals, and changes of rights",
}
GROUPS = {
    "Everybody": (Holder.ANYONE, Holder.KEY, Holder.PERSON),
    "An account": (Holder.OWNER, Holder.BILLER, Holder.MEMBER),
    "The desk": (Holder.AGENT, Holder.OPERATOR),
}
NAMES = {
    Holder.ANYONE: "anyone",
    Holder.KEY: "who has the link or key",
    Holder.PERSON: "who is signed in",
    Holder.OWNER: "owner",
    Holder.BILLER: "billing",
    Holder.MEMBER: "member",
    Holder.AGENT: "agent",
    Holder.OPERATOR: "operator",
}


def page() -> str:
    """Return the document as it has to be."""
    return HEAD + "\n".join(_table(title, group) for title, group in GROUPS.items())


def _table(title: str, group: tuple[Holder, ...]) -> str:
    head = ["May", "Act", *(NAMES[one] for one in group)]
    lines = [f"## {title}", "", _row(head), _row(["---"] * len(head))]
    for act in Act:
        if HOLDERS[act] & set(group):
            marks = ["yes" if one in HOLDERS[act] else "–" for one in group]
            lines.append(_row([WORDS[act], f"`{act}`", *marks]))
    return "\n".join([*lines, ""])


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    OUT.write_text(page(), "utf-8")
