"""The tests of the edge suite that open no socket, on Lambda's Python: CPython 3.14, in WebAssembly."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.long
ROOT = Path(__file__).parents[2]
_SUITE = "tests/lambda_edge"
_VENV = Path(sys.prefix)
# In KB. Node.js must not run out of its stack before CPython's own guard speaks, nor of the one of its process.
_NODE_STACK, _PROCESS_STACK = 58_000, 65_000

#: Files, and tests by file and name: why they cannot run there.
_LEFT_OUT = {
    "test_common_dns_transport.py": "opens sockets",
    "test_common_http_transport.py": "opens sockets",
    "test_common_dns.py::test_the_records_of_a_name[AAAA-2001:db8::7-2001:db8::7]": "there is no IPv6",
    "test_common_dns.py::test_a_broken_message_is_refused_or_read_as_dnspython_reads_it": "there is no IPv6",
    "test_common_dns.py::test_what_dnspython_writes_is_read_as_dnspython_reads_it": "there is no IPv6",
    "test_common_dns.py::test_a_message_made_to_cost_time_does_not": "WebAssembly is slower than it allows",
    "test_latency_tls.py": "opens sockets",
    "test_worst_request.py": "counts steps of CPython's own interpreter, and WebAssembly is slow at that",
    "test_same_path_hybrid.py": "starts Node.js",
    "test_bucket_dns_failover.py::test_a_cold_start_imports_nothing_of_the_network": "starts a process",
    "test_common_dns.py::test_importing_it_opens_no_socket": "starts a process",
    "test_common_origin.py::test_the_function_reads_the_header_that_the_constructs_set": "the CDK is a process",
    "test_rule_router_handler.py::test_what_a_set_is_counted_for_is_what_it_takes": "pointers are half as long",
    "test_rule_router_handler.py::test_what_is_remembered_of_13_000_hosts": "takes as long as all the others",
}


@pytest.mark.parametrize("left_out", _LEFT_OUT)
def test_what_is_left_out_exists(left_out: str) -> None:
    file, _, test = left_out.partition("::")

    assert f"def {test.partition('[')[0]}" in (ROOT / _SUITE / file).read_text(encoding="utf-8")


def test_the_edge_suite_passes() -> None:
    pyodide, compiled = _VENV / "cdk" / "node_modules" / "pyodide", _VENV / "pyodide"
    assert pyodide.is_dir(), f"{pyodide} is missing: make test makes it"
    assert compiled.is_dir(), f"{compiled} is missing: make test makes it"
    node = ["node", f"--stack-size={_NODE_STACK}", str(Path(__file__).with_name("pyodide.mjs"))]
    folders = [str(folder) for folder in (pyodide, ROOT, compiled, Path(pytest.__file__).parents[1])]
    options = ["-p", "no:cacheprovider", "-p", "_hypothesis_pytestplugin", "--tb=short", "--capture=sys"]
    left_out = [f"--{'deselect' if '::' in name else 'ignore'}={_SUITE}/{name}" for name in _LEFT_OUT]
    done = subprocess.run(
        [*node, *folders, "--", *options, *left_out, _SUITE],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
        preexec_fn=_enlarge_stack,
    )

    assert done.returncode == 0, (done.stdout + done.stderr)[-10_000:]
    assert "Python 3.14" in done.stdout
    assert "skipped" not in done.stdout


def _enlarge_stack() -> None:
    _, most = resource.getrlimit(resource.RLIMIT_STACK)
    enough = _PROCESS_STACK * 1024
    resource.setrlimit(resource.RLIMIT_STACK, (enough if most == resource.RLIM_INFINITY else min(enough, most), most))
