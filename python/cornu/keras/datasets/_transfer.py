"""Whole files over HTTPS, by urllib."""

import http.client
import ssl
import time
import urllib.error
import urllib.request

_PIECE = 1 << 16
_SLOW = 1024  # bytes a second


class _ToHttps(urllib.request.HTTPRedirectHandler):
    """Follows a few redirects, to https:// alone."""

    max_redirections = 5

    def redirect_request(self, req, fp, code, msg, headers, newurl):
        if not newurl.lower().startswith("https://"):
            raise urllib.error.URLError(f"leads on to {newurl}, which is not https://")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def read(address, most, connect_seconds, slow_seconds, plain_http):
    """The bytes at an address, at most ``most``; or a text that says why there are none."""
    schemes = ("https://", "http://") if plain_http else ("https://",)
    if not address.lower().startswith(schemes):
        return "not an https:// address"
    request = urllib.request.Request(address, headers={"User-Agent": "cornu"})
    try:
        opener = urllib.request.build_opener(_ToHttps)
        with opener.open(request, timeout=connect_seconds) as reply:
            return _all_of(reply, most, slow_seconds)
    except (OSError, http.client.HTTPException) as error:
        return _reason(error)


def _all_of(reply, most, slow_seconds):
    if reply.status != 200:
        raise OSError(f"HTTP {reply.status}")
    content = bytearray()
    since, before = time.monotonic(), 0
    while True:
        try:
            piece = reply.read1(_PIECE)
        except http.client.IncompleteRead:
            piece = b""
        if not piece:
            break
        content += piece
        if len(content) > most:
            raise OSError(f"sends more than {most} bytes")
        if time.monotonic() - since >= slow_seconds:
            if len(content) - before < _SLOW * slow_seconds:
                raise OSError(f"under {_SLOW} bytes a second for {slow_seconds} s, after "
                              f"{len(content)} bytes")
            since, before = time.monotonic(), len(content)
    if reply.length:
        raise OSError(f"cut off after {len(content)} bytes")
    return bytes(content)


def _reason(error):
    if isinstance(error, urllib.error.HTTPError):
        return f"HTTP {error.code}"
    reason = error.reason if isinstance(error, urllib.error.URLError) else error
    if isinstance(reason, ssl.SSLCertVerificationError):
        return (f"{reason.verify_message}; Python knows the certificates in "
                f"{ssl.get_default_verify_paths().openssl_cafile}, which the package "
                "ca-certificates installs")
    return str(reason) or type(reason).__name__
