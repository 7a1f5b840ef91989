"""Paints pictures over HTTP, with a served model; needs nothing but Python.

python examples/serving/rest_client.py photos/*.jpg --style painting.jpg -o painted
"""

import base64
import http.client
import json
import sys
import urllib.error
import urllib.parse
import urllib.request

from painting import SIGNATURE, NotPainted, run


def connect(server, model, timeout):
    url = f"http://{server}/v1/models/{urllib.parse.quote(model)}:predict"

    def paint(picture, style):
        row = {"content_bytes": as_base64(picture), "style_bytes": as_base64(style)}
        request = {"signature_name": SIGNATURE, "instances": [row]}
        (answer,) = post(url, request, timeout)["predictions"]
        if answer["error"]:  # merged with others, a bad picture does not fail them
            raise NotPainted(answer["error"], 2)
        return base64.b64decode(answer["stylized_bytes"]["b64"])

    return paint


def post(url, message, timeout):
    try:
        body = json.dumps(message).encode()
        with urllib.request.urlopen(url, body, timeout) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        reason = f"{error.code} {error.reason}: {text_of(error)}"
        raise NotPainted(reason, 2 if error.code in (400, 404) else 1) from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise NotPainted(f"{url}: {error}", 1) from error


def text_of(error):
    body = error.read().decode(errors="replace")
    try:
        return json.loads(body)["error"]
    except (ValueError, KeyError, TypeError):
        return body


def as_base64(file):
    return {"b64": base64.b64encode(file).decode()}


if __name__ == "__main__":
    sys.exit(run(connect, __doc__.splitlines()[0], port=8501))
