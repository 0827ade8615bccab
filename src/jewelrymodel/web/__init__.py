"""Pages and webhooks: translate, call one operation, render. No rules live here."""
