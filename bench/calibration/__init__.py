"""The bench of the calibration engine: how exact, how quick, how true, beside R's lme4 where that is installed.

``python -m bench.calibration`` (or ``make bench-calibration``) makes its data itself; ``--help`` lists the options.
"""
