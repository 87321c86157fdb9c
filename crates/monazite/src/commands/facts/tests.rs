#![expect(clippy::unwrap_used, reason = "a test that fails here should say so")]
