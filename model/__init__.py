"""Learns a stream and continues it. torch lives here only."""
