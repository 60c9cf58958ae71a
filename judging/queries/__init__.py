"""Reading: functions that take a session and return models or frozen rows. Nothing here writes."""
