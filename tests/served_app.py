"""What tests of the server serve (`python -m tests.served_app ADDRESS`): what it was asked."""

import json
import sys
import time


def answer(environ, start_response):
    if environ["PATH_INFO"] == "/slow":
        time.sleep(2)
    length = len(environ["wsgi.input"].read()) if environ["REQUEST_METHOD"] == "POST" else 0
    asked = {name: value for name, value in environ.items() if isinstance(value, str)}
    body = json.dumps({**asked, "length": length}).encode()
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]


def load():
    """The site's own loader, whose mail says that it ended, then the application above."""
    from commons.server import application
    from commons.wsgi import background

    background.end = lambda: print("mail ended", flush=True)
    application()
    return answer


if __name__ == "__main__":
    import commons.wsgi  # noqa: F401 - as `commons.server` does, for workers to start at once
    from commons.server import serve

    serve(sys.argv[1], load)
