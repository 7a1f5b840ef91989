"""Published methods to compare against, written from their papers."""
