"""The operations in the document, with their samples and examples."""

import json
import sys

# The server's address in the samples.
ORIGIN = "http://127.0.0.1:8000"


class Operation:
    def __init__(self, document, path, method, operation):
        def resolve(value):
            if "$ref" not in value:
                return value
            found = document
            for step in value["$ref"].removeprefix("#/").split("/"):
                found = found[step]
            return found

        self.id = operation["operationId"]
        self.template = path
        self.method = method
        self.samples = {}
        self.labels = []
        for sample in operation.get("x-codeSamples", []):
            self.labels.append(sample["label"])
            self.samples[sample["label"]] = sample["source"]
        parameters = [resolve(parameter) for parameter in operation.get("parameters", [])]
        self.examples = {one["name"]: one["example"] for one in parameters if one["in"] == "path"}
        self.needs_token = bool(operation.get("security"))
        success = next(answer for status, answer in operation["responses"].items() if status.startswith("2"))
        self.answers = "content" in resolve(success)
        self.body = None
        if "requestBody" in operation:
            examples = resolve(operation["requestBody"])["content"]["application/json"]["examples"]
            self.body = resolve(next(iter(examples.values())))["value"]
        # The group's id in the document's examples.
        self.group = resolve({"$ref": "#/components/parameters/group_uuid"})["example"]

    def path(self, values):
        """The path with its parameters substituted."""
        return self.template.format(**{name: values[name] for name in self.examples})

    @property
    def url(self):
        """The URL that the samples must contain."""
        return f"{ORIGIN}/api/v3{self.path(self.examples)}"

    def body_with(self, group):
        """The body, with `group` in place of the group it names."""
        return json.loads(json.dumps(self.body).replace(self.group, group))

    @property
    def users(self):
        """The users that the body names, which must exist."""
        body = self.body if isinstance(self.body, dict) else {}
        return {*body.get("users", []), *(body[name] for name in ("pk", "user") if name in body)}


def operations(text, labels, effects):
    """All operations. Exits if one lacks a sample or an effect."""
    document = json.loads(text)
    found = [Operation(document, path, method, operation)
             for path, item in document["paths"].items() for method, operation in item.items()
             if isinstance(operation, dict) and "operationId" in operation]
    wrong = []
    for operation in found:
        if operation.labels != labels:
            wrong.append(f"{operation.id}: has samples for {operation.labels}, not for {labels}")
        # A minimal check, also of samples that can't be run here.
        wrong += [f"{operation.id}: the sample for {label} does not have the URL {operation.url} once"
                  for label, source in operation.samples.items() if source.count(operation.url) != 1]
        if operation.id not in effects:
            wrong.append(f"{operation.id}: effects.py does not tell what it does")
    for name in effects.keys() - {operation.id for operation in found}:
        wrong.append(f"{name}: is in effects.py, but not in the document")
    if wrong:
        sys.exit("run.py: " + "\n        ".join(wrong))
    return found
