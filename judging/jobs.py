"""Background work: functions that take ids and call one service."""
