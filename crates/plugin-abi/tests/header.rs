//! The C header and the Rust structs are one contract: sizes, offsets and constants are compared through a C compiler.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fmt::Write as _;
use std::mem::offset_of;
use std::path::Path;
use std::process::Command;

use plugin_abi::{self as abi, Analyzer, Bytes, Call, Entry, Factory, Head, Host, OwnedBytes};

/// Lines `what=number` as Rust sees it, and the C expressions that must give the same.
fn rust_side() -> Vec<(String, usize)> {
    let mut lines = Vec::new();
    macro_rules! of {
        ($c:literal, $rust:ty, [$($field:ident),*]) => {
            lines.push((concat!("sizeof(", $c, ")").to_owned(), size_of::<$rust>()));
            $(lines.push((
                concat!("offsetof(", $c, ", ", stringify!($field), ")").to_owned(),
                offset_of!($rust, $field),
            ));)*
        };
    }
    of!("monazite_head", Head, [len, abi_major, abi_minor]);
    of!("monazite_bytes", Bytes, [data, len]);
    of!("monazite_owned_bytes", OwnedBytes, [data, len, owner, release]);
    of!("monazite_host", Host, [head, host_data, log, get_extension]);
    of!("monazite_call", Call, [head, host_data, group, inputs, input_count, emit, cancelled, fail]);
    of!("monazite_analyzer", Analyzer, [head, plugin_data, destroy, analyze, get_extension]);
    of!("monazite_factory", Factory, [head, count, manifest, create]);
    of!("monazite_plugin_entry", Entry, [head, init, deinit, get_factory]);
    let constants = [
        ("MONAZITE_ABI_MAJOR", usize::from(abi::ABI_MAJOR)),
        ("MONAZITE_ABI_MINOR", usize::from(abi::ABI_MINOR)),
        ("MONAZITE_STATUS_OK", abi::STATUS_OK as usize),
        ("MONAZITE_STATUS_FAILED", abi::STATUS_FAILED as usize),
        ("MONAZITE_EMIT_OK", abi::EMIT_OK as usize),
        ("MONAZITE_EMIT_OVER_LIMIT", abi::EMIT_OVER_LIMIT as usize),
        ("MONAZITE_EMIT_CANCELLED", abi::EMIT_CANCELLED as usize),
        ("MONAZITE_FAIL_INVALID_INPUT", abi::FAIL_INVALID_INPUT as usize),
        ("MONAZITE_FAIL_INTERNAL", abi::FAIL_INTERNAL as usize),
        ("MONAZITE_FAIL_PANIC", abi::FAIL_PANIC as usize),
        ("MONAZITE_FAIL_CANCELLED", abi::FAIL_CANCELLED as usize),
        ("MONAZITE_LOG_ERROR", abi::LOG_ERROR as usize),
        ("MONAZITE_LOG_WARN", abi::LOG_WARN as usize),
        ("MONAZITE_LOG_INFO", abi::LOG_INFO as usize),
        ("MONAZITE_LOG_DEBUG", abi::LOG_DEBUG as usize),
    ];
    lines.extend(constants.map(|(name, value)| (name.to_owned(), value)));
    lines
}

#[test]
fn the_header_says_what_the_structs_say() {
    let expected = rust_side();
    let mut source = String::from("#include <stdio.h>\n#include \"monazite-plugin.h\"\nint main(void) {\n");
    for (what, _) in &expected {
        writeln!(source, "    printf(\"{what}=%zu\\n\", (size_t)({what}));").unwrap();
    }
    source.push_str("    puts(MONAZITE_FACTORY_ID);\n    return 0;\n}\n");

    let dir = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let (file, program) = (dir.join("header.c"), dir.join("header"));
    std::fs::write(&file, source).unwrap();
    let include = Path::new(env!("CARGO_MANIFEST_DIR")).join("include");
    let compiled = Command::new(std::env::var_os("CC").unwrap_or("cc".into()))
        .args(["-std=c99", "-pedantic", "-Wall", "-Werror", "-I"])
        .args([&include, &file])
        .arg("-o")
        .arg(&program)
        .status()
        .expect("a C compiler is needed, as for building Monazite itself");
    assert!(compiled.success());
    let output = Command::new(&program).output().unwrap();
    let seen = String::from_utf8(output.stdout).unwrap();

    let mut wanted: String = expected.iter().map(|(what, value)| format!("{what}={value}\n")).collect();
    writeln!(wanted, "{}", abi::FACTORY_ID.to_str().unwrap()).unwrap();
    assert_eq!(seen, wanted);
}
