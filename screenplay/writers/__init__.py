"""Writers: one module a format, each with `render(screenplay) -> str` (or bytes)."""
