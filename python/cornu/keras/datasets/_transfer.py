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


class _Ended(OSError):
    """Why a file is not whole, and how its transfer ended."""

    def __init__(self, reason, end):
        super().__init__(reason)
        self.end = end


def read(address, most, connect_seconds, slow_seconds, plain_http, there, validator, restart, add):
    """Reads the file at an address, at most ``most`` bytes: all of it after ``restart(validator)``,
    or what follows the bytes that are ``there`` of the version that ``validator`` names; ``add``
    takes them. Gives a text that says why the file is not whole, and "whole", "cut", "slow",
    "wrong" or "refused"."""
    schemes = ("https://", "http://") if plain_http else ("https://",)
    if not address.lower().startswith(schemes):
        return "not an https:// address", "refused"
    request = urllib.request.Request(address, headers={"User-Agent": "cornu"})
    if there:
        request.add_header("Range", f"bytes={there}-")
        request.add_header("If-Range", validator)
    try:
        opener = urllib.request.build_opener(_ToHttps)
        with opener.open(request, timeout=connect_seconds) as reply:
            _take(reply, most, slow_seconds, _begun(reply, there, restart), add)
    except _Ended as error:
        return str(error), error.end
    except urllib.error.HTTPError as error:
        if there and error.code == 416:
            restart("")
            return "HTTP 416 in place of the rest of the file", "cut"
        return f"HTTP {error.code}", "refused"
    except (OSError, http.client.HTTPException) as error:
        return _reason(error), "refused"
    return "", "whole"


def _begun(reply, there, restart):
    """How many bytes there are before those of the reply."""
    if reply.status == 200:
        tag = reply.headers.get("ETag", "")
        restart(tag if tag.startswith('"') else reply.headers.get("Last-Modified", ""))
        return 0
    if not there or reply.status != 206:
        raise _Ended(f"HTTP {reply.status}", "refused")
    if not reply.headers.get("Content-Range", "").startswith(f"bytes {there}-"):
        restart("")
        raise _Ended("HTTP 206 in place of the rest of the file", "cut")
    return there


def _take(reply, most, slow_seconds, count, add):
    since, before = time.monotonic(), count
    while piece := _piece(reply, count):
        add(piece[:most - count])
        count += len(piece)
        if count > most:
            raise _Ended(f"sends more than {most} bytes", "wrong")
        if time.monotonic() - since >= slow_seconds:
            if count - before < _SLOW * slow_seconds:
                raise _Ended(f"under {_SLOW} bytes a second for {slow_seconds} s, after "
                             f"{count} bytes", "slow")
            since, before = time.monotonic(), count
    if reply.length:
        raise _Ended(f"cut off after {count} bytes", "cut")


def _piece(reply, count):
    try:
        return reply.read1(_PIECE)
    except http.client.IncompleteRead:
        return b""
    except ConnectionError as error:
        raise _Ended(f"cut off after {count} bytes", "cut") from error


def _reason(error):
    reason = error.reason if isinstance(error, urllib.error.URLError) else error
    if isinstance(reason, ssl.SSLCertVerificationError):
        return (f"{reason.verify_message}; Python knows the certificates in "
                f"{ssl.get_default_verify_paths().openssl_cafile}, which the package "
                "ca-certificates installs")
    return str(reason) or type(reason).__name__
