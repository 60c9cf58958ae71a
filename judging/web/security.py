"""Headers that every answer carries."""

from flask import Flask, Response, request

from judging.web import phases, request_bounds, text_lengths

POLICY = "; ".join(
    (
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "font-src 'self'",
        "connect-src 'self'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'", "manifest-src 'self'",
    )
)  # fmt: skip


def register(app: Flask) -> None:
    """Attach the hooks."""
    request_bounds.register(app)
    text_lengths.register(app)
    phases.register(app)
    app.after_request(add_headers)


def add_headers(response: Response) -> Response:
    """Strict content policy, no framing, no sniffing, no referrer; HSTS under TLS; no caching of pages."""
    headers = response.headers
    headers.setdefault("Content-Security-Policy", POLICY)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()")
    if request.is_secure:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    if request.endpoint != "static":
        headers.setdefault("Cache-Control", "no-store")
    return response
