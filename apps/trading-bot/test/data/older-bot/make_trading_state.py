"""Makes the .trading_state.json beside it, as the older bot wrote its state after each day.

Made with: python3 make_trading_state.py (CPython 3; the trades are on the S&P 500's real opens).
"""
import json
from pathlib import Path

FEE = 0.001
state = {"cash": 100000.0, "position": 0.0, "entry_price": None, "realized_pnl": 0.0,
         "last_date": None, "trades": []}


def buy(date, price):
    quantity = round(state["cash"] / (price * (1 + FEE)), 4) - 0.0001
    fee = quantity * price * FEE
    state["cash"] -= quantity * price + fee
    state["position"] = quantity
    state["entry_price"] = price
    state["realized_pnl"] -= fee
    state["trades"].append({"date": date, "side": "buy", "quantity": quantity, "price": price,
                            "fee": fee, "pnl": -fee})


def sell(date, price):
    quantity = state["position"]
    fee = quantity * price * FEE
    pnl = quantity * (price - state["entry_price"]) - fee
    state["cash"] += quantity * price - fee
    state["position"] = 0.0
    state["entry_price"] = None
    state["realized_pnl"] += pnl
    state["trades"].append({"date": date, "side": "sell", "quantity": quantity, "price": price,
                            "fee": fee, "pnl": pnl})


buy("2000-03-17", 1458.469971)
sell("2000-04-17", 1356.560059)
buy("2000-06-06", 1467.630005)
sell("2000-07-31", 1419.890015)
buy("2000-08-11", 1460.25)
state["last_date"] = "2000-08-31"

with open(Path(__file__).parent / ".trading_state.json", "w") as f:
    json.dump(state, f, indent=2)
