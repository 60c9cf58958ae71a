"""Forms of applications as data: what they ask, whether they are well made, and what answers to them lack."""
