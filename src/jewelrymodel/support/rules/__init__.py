"""Pure rules of requests: business days, what emails refer to, what a request has to say."""
