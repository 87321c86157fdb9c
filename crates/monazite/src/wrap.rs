//! Breaking lines at the width of a screen on which Chinese characters count two.

pub(crate) use brief::wrapped;
