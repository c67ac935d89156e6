"""What is said at each door that reads a body: a body that fits, so that the record is looked for.

``{name}`` stands for the identifier of that name, ``None`` for a door that reads no body. A new
door wants a line here.
"""

from __future__ import annotations

from typing import Any

HOME = {"country": "GB", "name": "Other", "line1": "1 High Street", "city": "Leeds"}
_MAIL = "somebody@example.com"
_PASSWORD = "a long password"
_GOODS = [{"variant_id": "{variant_id}", "quantity": 1}]
_ORDER_LINES = [{"order_line_id": "{order_line_id}", "quantity": 1}]
_SHARES = [{"order_id": "{order_id}"}]
_REASON = {"reason": "none"}
_CHOICES = {"delivery": "ship", "payment_method": "bank_transfer", "email": _MAIL, "ship_to": HOME}
_PLACED = _CHOICES | {"lines": _GOODS}

STAFF_DOORS: dict[str, Any] = {
    "POST article-revisions": {"currency": "GBP", "lines": [{"sku": "other", "title": "Other"}]},
    "POST categories": {"name": "Other", "parent_id": "{category_id}"},
    "PUT categories/{category_id}": {"name": "Other"},
    "PUT categories/{category_id}/parent": {"parent_id": None},
    "PUT categories/{category_id}/status": {"status": "archived"},
    "POST customer-groups": {"code": "other", "name": "Other"},
    "PUT customer-groups/{group_id}": {"name": "Other"},
    "POST customers": {"given_name": "Other", "group_id": "{group_id}"},
    "POST customers/{customer_id}/addresses": HOME,
    "PUT customers/{customer_id}/addresses/{address_id}": HOME,
    "PUT customers/{customer_id}/consents/{purpose}": {"granted": True},
    "PUT customers/{customer_id}/contact": {"given_name": "Other"},
    "POST customers/{customer_id}/erase": None,
    "POST customers/{customer_id}/merge": {"from_id": "{spare_customer_id}"},
    "PUT customers/{customer_id}/status": {"action": "block"},
    "PUT customers/{customer_id}/treatment": {"notes": "Other"},
    "POST dead-letters/{consumer}/{event_id}/discard": None,
    "POST dead-letters/{consumer}/{event_id}/replay": None,
    "POST graphql": {"query": '{ customer(id: "{customer_id}") { givenName } }'},
    "PATCH hosts": {"add": ["other.example"]},
    "POST invitation": {"token": "none", "password": _PASSWORD},
    "POST ledger/adjustments": {"amount": 1, "note": "none"},
    "POST locations": {"store_id": "{store_id}", "code": "other", "name": "Other"},
    "PUT locations/{location_id}": {"name": "Other", "status": "closed"},
    "PUT me/password": {"password": "not mine at all", "new_password": _PASSWORD},
    "POST orders": _PLACED | {"customer_id": "{customer_id}"},
    "POST orders/{order_id}/cancel": None,
    "POST orders/{order_id}/change": {"version": 1, "call_off": _ORDER_LINES},
    "POST orders/{order_id}/change/preview": {"version": 1, "call_off": _ORDER_LINES},
    "POST orders/{order_id}/complete": None,
    "POST orders/{order_id}/refunds": {"amount": 1},
    "POST orders/{order_id}/returns": {"lines": _ORDER_LINES},
    "POST orders/{order_id}/shipments": {"lines": _ORDER_LINES},
    "PUT orders/{order_id}/status": {"status": "cancelled", "version": 1},
    "POST payments": {"method": "bank_transfer", "orders": _SHARES},
    "POST payments/{payment_id}/allocations": {"orders": _SHARES},
    "POST payments/{payment_id}/capture": {"amount": 1},
    "POST payments/{payment_id}/fail": _REASON,
    "POST payments/{payment_id}/refunds": {"amount": 1},
    "POST payments/{payment_id}/void": _REASON,
    "POST price-lists": {"name": "Other", "currency": "GBP", "customer_group_id": "{group_id}"},
    "PUT price-lists/{price_list_id}": {"name": "Other", "customer_group_id": "{group_id}"},
    "PUT price-lists/{price_list_id}/prices": {
        "prices": [{"variant_id": "{variant_id}", "price": "1.00"}]
    },
    "PUT price-lists/{price_list_id}/status": {"status": "archived"},
    "POST products": {"title": "Other", "currency": "GBP", "category_ids": ["{category_id}"]},
    "PUT products/{product_id}": {"title": "Other"},
    "PUT products/{product_id}/status": {"status": "archived"},
    "POST products/{product_id}/variants": {"sku": "other", "price": "1.00"},
    "POST refresh": {"refresh_token": "none"},
    "POST refunds/{refund_id}/close": {"outcome": "failed", **_REASON},
    "POST returns": {"lines": [{"sku": "other", "quantity": 1, "price_micros": 0}]},
    "POST returns/{return_id}/refund": None,
    "POST returns/{return_id}/{action}": None,
    "POST roles": {"code": "other", "name": "Other", "permissions": []},
    "PUT roles/{role_id}": {"name": "Other", "permissions": []},
    "PATCH settings": {"name": "Other"},
    "POST settlements": {"payment_ids": ["{payment_id}"]},
    "POST shipments/{shipment_id}/deliver": None,
    "POST sign-in": {"email": _MAIL, "password": _PASSWORD},
    "POST sign-out": None,
    "POST sign-out-everywhere": None,
    "POST staff": {"email": _MAIL, "name": "Other", "password": _PASSWORD, "roles": []},
    "PUT staff/{staff_id}": {"name": "Other", "roles": [], "status": "disabled"},
    "PUT staff/{staff_id}/password": {"new_password": _PASSWORD},
    "POST staff/{staff_id}/sign-out": None,
    "POST stock/adjustments": {"location_id": "{location_id}", "lines": _GOODS, **_REASON},
    "POST stock/counts": {"location_id": "{location_id}"},
    "POST stock/counts/{count_id}/lines": {"lines": _GOODS},
    "PUT stock/counts/{count_id}/status": {"status": "cancelled"},
    "POST stock/receipts": {"location_id": "{location_id}", "lines": _GOODS},
    "PUT stock/shortfalls/{shortfall_id}/settlement": {"note": "none"},
    "POST stock/transfers": {
        "from_location_id": "{location_id}",
        "to_location_id": "{spare_location_id}",
        "lines": _GOODS,
    },
    "PUT stock/transfers/{transfer_order_id}/status": {"status": "cancelled"},
    "PUT stock/{location_id}/{variant_id}/backorder": {"allowed": True},
    "PUT stock/{location_id}/{variant_id}/safety-stock": {"quantity": 1},
    "POST stores": {"code": "other", "name": "Other"},
    "PUT stores/{store_id}": {"name": "Other", "status": "closed"},
    "POST tax-exemptions": {"reason": "none", "customer_id": "{customer_id}"},
    "PUT tax-exemptions/{exemption_id}/last-day": {"last_day": "2030-01-01"},
    "POST tax-rates": {"tax_class": "other", "country": "GB", "percent": "1", "name": "Other"},
    "PUT tax-rates/{tax_rate_id}/last-day": {"last_day": "2030-01-01"},
    "PUT variants/{variant_id}": {"sku": "other", "price": "1.00"},
    "PUT variants/{variant_id}/hot": {"is_hot": True},
    "PUT variants/{variant_id}/price": {"price": "1.00"},
    "PUT variants/{variant_id}/status": {"status": "archived"},
}
SHOPPERS_DOORS: dict[str, Any] = {
    "PUT account": {"given_name": "Other"},
    "POST account/addresses": HOME,
    "PUT account/addresses/{address_id}": HOME,
    "PUT account/consents/{purpose}": {"granted": True},
    "PUT account/password": {"password": "not mine at all", "new_password": _PASSWORD},
    "POST carts": None,
    "POST carts/{cart_id}/checkout": {},
    "PUT carts/{cart_id}/choices": _CHOICES,
    "POST carts/{cart_id}/lines": {"variant_id": "{variant_id}", "quantity": 1},
    "POST carts/{cart_id}/lines/batch": {"lines": _GOODS},
    "PUT carts/{cart_id}/lines/{line_id}": {"quantity": 2},
    "POST carts/{cart_id}/merge": None,
    "POST checkout": _PLACED,
    "POST gateways/{gateway}/callbacks": {},
    "POST graphql": {"query": "{ __typename }"},
    "POST orders/look-up": {"number": 1001, "email": _MAIL},
    "POST orders/{order_id}/payments": {"gateway": "sandbox", "token": "none"},
    "POST refresh": {"refresh_token": "none"},
    "POST sign-in": {"email": _MAIL, "password": _PASSWORD},
    "POST sign-out": None,
    "POST sign-out-everywhere": None,
    "POST sign-up": {"email": _MAIL, "password": _PASSWORD},
}
