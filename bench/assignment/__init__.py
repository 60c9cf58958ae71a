"""The bench of the assignment engine: what it finds and what that costs, beside a plain minimum-cost flow.

``python -m bench.assignment`` (or ``make bench-assignment``) makes its data itself; ``--help`` lists the options.
"""
