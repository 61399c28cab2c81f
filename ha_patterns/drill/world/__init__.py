"""The world of a drill: what is wrong with what, who is healthy, and what names lead to, as timelines."""
