"""What a screenplay is; reads and writes files."""
