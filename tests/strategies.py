"""Portfolios for tests of what holds for any."""

from decimal import Decimal

from hypothesis import strategies as st

from client_triage.domain import Client, Me, Portfolio, Record

LATE = {"slow-pay": Record({"late": 1})}

clients = st.lists(
    st.builds(
        Client,
        st.sampled_from(["c1", "c2", "c3", "c4", "c5"]),
        st.sampled_from(["Heron", "Otter"]),
        revenue=st.none() | st.integers(0, 3).map(Decimal),
        records=st.sampled_from([{}, LATE]),
    ),
    unique_by=lambda client: client.id,
    max_size=5,
).map(tuple)
portfolios = st.builds(
    Portfolio,
    currency=st.sampled_from([None, "USD", "KRW"]),
    me=st.sampled_from([Me(), Me(opportunity_rate=Decimal(80))]),
    bar=st.dictionaries(
        st.sampled_from(["slow-pay", "changes-mind"]),
        st.sampled_from([{"share": 0.3}, {"share": 0.6}]),
    ),
    clients=clients,
    extra=st.sampled_from([{}, {"note": 1}]),
)
