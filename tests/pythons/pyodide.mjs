// Runs pytest on CPython 3.14 in WebAssembly, with packages that are on disk already.
// Arguments: the folder of the npm package, the repository, folders with Python packages, "--", pytest's arguments.
import { pathToFileURL } from "node:url";

const separator = process.argv.indexOf("--");
const [pyodide, repository, ...packages] = process.argv.slice(2, separator);
const { loadPyodide } = await import(pathToFileURL(`${pyodide}/pyodide.mjs`));

const environment = { HOME: "/home/pyodide", HYPOTHESIS_PROFILE: "brief", PYTEST_DISABLE_PLUGIN_AUTOLOAD: "1" };
const python = await loadPyodide({ env: environment });
const folders = [repository, ...packages].map((folder, number) => {
  const mounted = `/mounted/${number}`;
  python.FS.mkdirTree(mounted);
  python.FS.mount(python.FS.filesystems.NODEFS, { root: folder }, mounted);
  return mounted;
});
const run = python.runPython(`
import os, sys, time, types
from js import process

def cpu_time():
    used = process.cpuUsage()
    return (used.user + used.system) / 1_000_000

def run(folders, arguments):
    # The one of WebAssembly is the wall's.
    time.process_time = cpu_time
    # Most of a run would be spent on compiling what it imports.
    sys.dont_write_bytecode = False
    os.chdir(folders[0])
    sys.path[:0] = folders
    # The CDK is a process, so nothing that calls it can run here; modules of data that merely name it can be read.
    sys.modules["aws_cdk"] = types.SimpleNamespace(aws_route53=None)
    sys.modules["constructs"] = types.SimpleNamespace(IConstruct=None)
    for name in ("ha_patterns", "ha_patterns.edge"):
        sys.modules[name] = types.ModuleType(name)
        sys.modules[name].__path__ = [f"{folders[0]}/{name.replace('.', '/')}"]
    import pytest
    return int(pytest.main(list(arguments)))

run
`);
process.exitCode = run(python.toPy(folders), python.toPy(process.argv.slice(separator + 1)));
