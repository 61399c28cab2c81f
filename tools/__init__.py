"""What builds, runs and measures this repository; no part of the library."""
