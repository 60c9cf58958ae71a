"""The unit of the report: a bare Flask page."""

from flask import Flask, render_template_string

BARE = """<!doctype html><title>{{ title }}</title><table>{% for row in rows %}<tr><th>{{ row.number }}</th><td>
<a href="/applications/{{ row.number }}">{{ row.title }}</a></td><td>{{ row.cluster }}</td><td>{{ row.sum }}</td>
<td>{{ row.status }}</td></tr>{% endfor %}</table>"""
"""A page of a hundred rows, 22 kB, from values that are there: what Flask and Jinja cost."""


def bare_app() -> Flask:
    """An application with one page."""
    app = Flask("bare")
    rows = [
        {"number": f"{n:05}", "title": "Производство редукторов для станков " * 2, "cluster": "Камский кластер",
         "sum": "120 000 000 ₽", "status": "допущена"} for n in range(100)
    ]  # fmt: skip

    @app.get("/")
    def show() -> str:
        return render_template_string(BARE, title="Заявки", rows=rows)

    return app
