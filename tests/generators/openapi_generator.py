"""openapi-generator 7 and the languages that it writes."""

import functools
import pathlib
import shutil

from npm_tools import npm, typescript_compiles, typescript_creates
from tools import HERE, TARGET, Generator, Work, venv

PACKAGE = "openapi_generator_cli"
EDITIONS = ["2024.8", "2026.8"]


@functools.cache
def jar() -> pathlib.Path:
    """The program, which the package of PyPI contains. It needs Java."""
    bin_directory = venv("openapi-generator", HERE / "requirements-openapi-generator.txt")
    return next(bin_directory.parent.glob(f"lib/python3*/site-packages/{PACKAGE}/*.jar"))


def generators(name, compile_step, create_step, properties="", library="", documents=EDITIONS, is_fast=False):
    """A language of openapi-generator, with the settings that its clients need, once for each document."""

    def generate(work: Work) -> None:
        options = ["--additional-properties", properties] if properties else []
        options += ["--library", library] if library else []
        work.run("java", "-jar", jar(), "generate", "--generator-name", name, "--output", work.directory / "client",
                 "--input-spec", work.document, *options)
        if (HERE / "programs" / name).is_dir():
            work.copy("programs", name)

    label = f"openapi-generator {name}"
    return [Generator(label, document, generate, compile_step, create_step, is_fast) for document in documents]


def python() -> pathlib.Path:
    return venv("python", HERE / "requirements-python.txt") / "python"


def python_imports(work: Work) -> None:
    every = "import importlib, pkgutil, openapi_client as c; " \
            "[importlib.import_module(m.name) for m in pkgutil.walk_packages(c.__path__, 'openapi_client.')]"
    work.run(python(), "-W", "error::SyntaxWarning", "-c", every, PYTHONPATH="client")


def python_creates(work: Work) -> None:
    work.run(python(), "create_user.py", PYTHONPATH="client")


def go_compiles(work: Work) -> None:
    # The module that generated code asks for by default: a newer language than the compiler may know.
    module = work.directory / "client" / "go.mod"
    module.write_text("module example.com/client\n\ngo 1.18\n")
    for path in (work.directory / "client" / "test").glob("*.go"):
        path.unlink()
    work.run("go", "build", "-o", "create_user", ".", GOFLAGS="-mod=mod", GOCACHE=str(TARGET / "go"))


def go_creates(work: Work) -> None:
    work.run("./create_user")


def rust_compiles(work: Work) -> None:
    work.run("cargo", "build", "--quiet", "--locked", timeout=580, CARGO_TARGET_DIR=str(TARGET / "cargo"))


def rust_creates(work: Work) -> None:
    work.run(TARGET / "cargo" / "debug" / "create_user")


def java_compiles(work: Work) -> None:
    # The generator's own program contains Jackson, which the clients that it writes need.
    sources = sorted((work.directory / "client" / "src" / "main").rglob("*.java"))
    sources += sorted(work.directory.glob("*.java")) + sorted((work.directory / "javax").rglob("*.java"))
    work.run("javac", "-nowarn", "-proc:none", "-d", "classes", "-classpath", jar(), *sources)


def java_creates(work: Work) -> None:
    work.run("java", "-classpath", f"classes:{jar()}", "CreateUser")


def ruby_loads(work: Work) -> None:
    every = "require 'openapi_client'; OpenapiClient.constants.each { |name| OpenapiClient.const_get(name) }"
    work.run("ruby", "-w", "-I", "client/lib", "-e", every)


def ruby_creates(work: Work) -> None:
    work.run("ruby", "-I", "client/lib", "create_user.rb")


def php_loads(work: Work) -> None:
    work.run("php", "load_all.php")


def php_creates(work: Work) -> None:
    work.run("php", "create_user.php")


def csharp_compiles(work: Work) -> None:
    # Debian's Newtonsoft.Json is older than the clients need.
    json = npm() / "node_modules/jillejr.newtonsoft.json-for-unity/Plugins/Newtonsoft.Json Editor/Newtonsoft.Json.dll"
    shutil.copy(json, work.directory)
    libraries = [json.name, "System.ComponentModel.DataAnnotations", "System.Net.Http", "System.Runtime.Serialization"]
    work.run("mcs", "-langversion:7.2", "-out:create_user.exe", *[f"-reference:{library}" for library in libraries],
             "-recurse:client/src/Org.OpenAPITools/*.cs", "CreateUser.cs")


def csharp_creates(work: Work) -> None:
    work.run("mono", "create_user.exe")


@functools.cache
def kotlin_libraries() -> str:
    """The class path of what clients import. OkHttp is part of a program from npm: Debian's is older than they need."""
    okhttp = npm() / "node_modules/allure-commandline/dist/plugins/jira-plugin/lib"
    libraries = [*okhttp.glob("okhttp-jvm-*.jar"), *okhttp.glob("okio-jvm-*.jar"), "/usr/share/java/gson.jar",
                 npm() / "node_modules/kotlin-compiler/lib/kotlin-stdlib.jar"]
    return ":".join(map(str, libraries))


def kotlin_compiles(work: Work) -> None:
    compiler = npm() / "node_modules/kotlin-compiler/bin/kotlinc"
    work.run(compiler, "-nowarn", "-no-reflect", "-no-stdlib", "-classpath", kotlin_libraries(),
             "-d", "classes", "client/src/main", "CreateUser.kt")


def kotlin_creates(work: Work) -> None:
    work.run("java", "-classpath", f"classes:{kotlin_libraries()}", "CreateUserKt")


GENERATORS = [
    *generators("python", python_imports, python_creates, documents=[*EDITIONS, "contract"], is_fast=True),
    *generators("typescript-fetch", typescript_compiles, typescript_creates, is_fast=True),
    # By default, these clients reject the fields of the other edition. authentik's are generated with this setting too.
    *generators("go", go_compiles, go_creates, properties="withGoMod=true,disallowAdditionalPropertiesIfNotPresent=false"),
    # Without a version, it is the document's, which the lock file would have to follow.
    *generators("rust", rust_compiles, rust_creates, properties="packageName=client,packageVersion=1.0.0", is_fast=True),
    *generators("java", java_compiles, java_creates, properties="openApiNullable=false", library="native"),
    *generators("ruby", ruby_loads, ruby_creates),
    *generators("php", php_loads, php_creates, documents=["portable"]),
    *generators("csharp", csharp_compiles, csharp_creates, library="httpclient",
                properties="targetFramework=net48,supportsRetry=false,nullableReferenceTypes=false,validatable=false"),
    *generators("kotlin", kotlin_compiles, kotlin_creates, properties="serializationLibrary=gson"),
]
