"""The function that holds traffic at the standby; its code is shipped inline."""
