#!/usr/bin/env python3
"""Creates many users, checks every response, and measures the speed.

    users.py generate N FILE    write N user bodies to FILE, one JSON object a line; the same for every run
    users.py create FILE        create them at the server ROLLCALL_URL (http://127.0.0.1:8000) with ROLLCALL_TOKEN

`create` makes the groups first, then prints one JSON object with the figures. It exits with 1 if any answer was wrong;
standard error tells the first ones. The server must not have the users and groups yet. Needs Python 3.11 or newer.
"""

import asyncio
import json
import os
import random
import sys
import time
from datetime import datetime, timedelta
from urllib.parse import urlsplit

GROUPS = 20
CONNECTIONS = 32

# The server's defaults for omitted fields.
DEFAULTS = {"email": "", "attributes": {}, "path": "users", "type": "internal", "groups": [], "is_active": True,
            "last_login": None}

# Display names by script: given names, family names.
NAMES = [
    ("Ada Zoë Jürgen Łucja Søren Ağca Nguyệt Žofie José Ásdís", "O'Neill Müller Żółć Đặng Çelik Ñúñez Håkansson Țepeș"),
    ("Σοφία Γιώργος Ελένη Οδυσσέας", "Παπαδόπουλος Νικολάου Βασιλείου"),
    ("Анна Дмитрий Ђорђе Їжак Ёлка", "Иванова Шевченко Љубичић Щукин"),
    ("محمد فاطمة نور پریسا", "العربي الخوارزمي ابن‌سينا چراغی"),
    ("דָּוִד שרה נועה", "כהן לוי בן־גוריון"),
    ("अनिता राजेश कृष्ण", "शर्मा श्रीनिवासन त्रिवेदी"),
    ("สมชาย น้ำผึ้ง กัญญา", "ใจดี ศรีสุข วงศ์สวัสดิ์"),
    ("小明 麗華 𠮷 伟", "王 歐陽 李 㐂"),
    ("さくら 太郎 ケンヂ", "髙橋 渡邉 ﾔﾏﾀﾞ"),
    ("민준 서연 지우", "김 이 남궁"),
    ("👩🏽‍💻 🦀 🇪🇺 ❤️", "🏴󠁧󠁢󠁳󠁣󠁴󠁿 🚀 👨‍👩‍👧‍👦"),
    ("\u200fעידן\u200e \u202bمريم\u202c \u2067רות\u2069", "\u200fכץ \u2068Smith\u2069"),
    ("Zoe\u0308 A\u030ake", "Mu\u0308ller \ufb01nch"),  # not in normal form C
]

# {0}, the index, makes a username unique.
USERNAMES = ["user{0}", "ada.lovelace+{0}@example.com", "Ada {0}", "ADA_{0}", "адa-{0}", "用户{0}", "مستخدم_{0}", "{0}",
             "💂{0}", "svc-backup-{0}$", "CORP\\user{0}", "a/b?c=d&e#{0}", "<b>{0}</b>", "'; DROP TABLE users; --{0}"]
DOMAINS = ["example.com", "mail.example.co.uk", "bücher.example", "пример.рф", "例え.テスト", "xn--bcher-kva.example",
           "उदाहरण.भारत", "localhost", "[192.0.2.1]", "[2001:db8::1]"]
LOCAL_PARTS = ["user.{0}", "u+{0}", "O'Neill-{0}", "{0}", "A_{0}", '"quoted@{0}"']
PATHS = ["users", "staff", "staff/Köln/IT", "goauthentik.io/sources/ldap", "学校/三年", "a/ b /c", "deep/" * 20 + "x"]
INTEGERS = [0, -1, 2**31, 2**53 + 1, 2**63 - 1, -(2**63), 2**64 - 1]
TIMES = ["%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%S+02:00", "%Y-%m-%dT%H:%M:%S-09:30", "%Y-%m-%d %H:%M:%S+00:00",
         "%Y-%m-%dt%H:%M:%S-00:00", "%Y-%m-%dT%H:%M:%S.%fZ", "%Y-%m-%dT%H:%M:%S.%f789+05:45", "%Y-%m-%dT%H:%M:%S.5Z"]


def value(rng, depth):
    """A JSON value for an attribute; objects and arrays down to `depth` more levels."""
    if depth == 0 or rng.random() < 0.5:
        return rng.choice([rng.choice(INTEGERS), rng.getrandbits(63), rng.uniform(-1e6, 1e6), 2.0, True, False, None,
                           "", "a\tb\"\\\n\u2028", rng.choice(NAMES)[0]])
    if rng.random() < 0.3:
        return [value(rng, depth - 1) for _ in range(rng.randrange(4))]
    return {rng.choice(["id", "Größe", "名", "", "a.b", "$ref", "settings"]) + str(n): value(rng, depth - 1)
            for n in range(rng.randrange(5))}


def user(rng, index):
    """Returns the body of a user. Its `groups` are indexes that `create` replaces by ids."""
    given, family = (rng.choice(names.split(" ")) for names in rng.choice(NAMES))
    name = rng.choice(["{0} {1}", "{1} {0}", "{0}", "{1}, {0}"]).format(given, family)
    name = rng.choices([name, f" \t{name}\u3000\n", name * 30, ""], [90, 5, 4, 1])[0]
    username = rng.choice(USERNAMES).format(index)
    username = rng.choices([username, f"  {username}\u00a0", username.ljust(150, "ß")], [90, 5, 5])[0]
    email = f"{rng.choice(LOCAL_PARTS).format(index)}@{rng.choice(DOMAINS)}"
    moment = datetime(1970, 1, 1) + timedelta(microseconds=rng.randrange(-(2**31) * 10**6, 2**32 * 10**6))
    optional = {
        "email": rng.choices([email, "", f" {email} "], [75, 20, 5])[0],
        "attributes": {f"key{n}": value(rng, 3) for n in range(rng.randrange(5))},
        "path": rng.choice(PATHS),
        "type": rng.choices(["internal", "external", "service_account"], [80, 15, 5])[0],
        "groups": rng.sample(range(GROUPS), rng.choices([0, 1, 2, 5], [20, 40, 30, 10])[0]),
        "is_active": rng.random() < 0.9,
        "last_login": None if rng.random() < 0.3 else moment.strftime(rng.choice(TIMES)),
    }
    return {"username": username, "name": name} | {key: optional[key] for key in optional if rng.random() < 0.95}


def generate(count, file):
    rng = random.Random(20240506)
    with open(file, "w", encoding="utf-8") as lines:
        for index in range(count):
            # Half of the lines contain escaped text, to test both forms.
            lines.write(json.dumps(user(rng, index), ensure_ascii=index % 2 == 0) + "\n")


class Connection:
    """A minimal HTTP/1.1 connection, to leave the processor to the server."""

    def __init__(self, url, token):
        self.host, self.port = url.hostname, url.port or 80
        self.head = (f"Host: {url.netloc}\r\nAuthorization: Bearer {token}\r\n"
                     "Content-Type: application/json\r\nContent-Length: ")
        self.streams = None

    async def post(self, path, body):
        """Returns status and body, or 0 and the reason if the connection fails; the next request opens a new one."""
        try:
            async with asyncio.timeout(60):
                reader, writer = self.streams = self.streams or await asyncio.open_connection(self.host, self.port)
                writer.write(f"POST {path} HTTP/1.1\r\n{self.head}{len(body)}\r\n\r\n".encode() + body)
                head = (await reader.readuntil(b"\r\n\r\n")).lower()
                length = int(head.split(b"\r\ncontent-length:", 1)[1].split(b"\r\n", 1)[0])
                return int(head[9:12]), await reader.readexactly(length)
        except (OSError, EOFError, IndexError, asyncio.LimitOverrunError) as error:
            self.close()
            return 0, repr(error).encode()

    def close(self):
        if self.streams:
            self.streams[1].close()
        self.streams = None


def exact(content):
    """Returns JSON text, which distinguishes values that are equal in Python, such as 1, 1.0 and true."""
    return json.dumps(content, sort_keys=True)


def instant(text):
    return text and datetime.fromisoformat(text)


def wrong(sent, status, answer):
    """Returns what is wrong with the response to `sent`, or None."""
    if status != 201:
        return f"{status} {answer.decode(errors='replace')}"
    sent, stored = DEFAULTS | sent, json.loads(answer)
    pairs = {field: (exact(sent[field]), exact(stored[field])) for field in ("attributes", "type", "is_active")}
    pairs |= {field: (sent[field].strip(), stored[field]) for field in ("username", "name", "email", "path")}
    pairs["groups"] = (sorted(sent["groups"]), sorted(stored["groups"]))
    pairs["last_login"] = (instant(sent["last_login"]), instant(stored["last_login"]))
    return "; ".join(f"{field}: sent {a!r}, stored {b!r}" for field, (a, b) in pairs.items() if a != b)


async def create_groups(connection, path):
    """Creates the groups, the later ones below earlier ones. Returns their ids."""
    ids = []
    for index in range(GROUPS):
        body = {"name": f"Bench group {index}", "parent": ids[index // 3] if index >= 6 else None}
        status, answer = await connection.post(path, json.dumps(body).encode())
        if status != 201:
            sys.exit(f"group {index}: {status} {answer.decode(errors='replace')}")
        ids.append(json.loads(answer)["pk"])
    return ids


async def create(file):
    url = urlsplit(os.environ.get("ROLLCALL_URL", "http://127.0.0.1:8000"))
    connections = [Connection(url, os.environ["ROLLCALL_TOKEN"]) for _ in range(CONNECTIONS)]
    base = url.path.rstrip("/").removesuffix("/api/v3") + "/api/v3/core/"
    groups = await create_groups(connections[0], base + "groups/")
    with open(file, encoding="utf-8") as lines:
        users = [json.loads(line) for line in lines]
    for body in users:
        if "groups" in body:
            body["groups"] = [groups[index] for index in body["groups"]]
    # Serialize before and parse after the measurement, so that this program hardly slows the server down.
    bodies = [json.dumps(body, ensure_ascii=index % 2 == 0).encode() for index, body in enumerate(users)]
    answers, seconds, queue = [None] * len(bodies), [0.0] * len(bodies), iter(range(len(bodies)))

    async def work(connection):
        for index in queue:
            start = time.perf_counter()
            answers[index] = await connection.post(base + "users/", bodies[index])
            seconds[index] = time.perf_counter() - start
        connection.close()

    start = time.perf_counter()
    await asyncio.gather(*map(work, connections))
    elapsed = time.perf_counter() - start

    problems = [wrong(body, *answer) for body, answer in zip(users, answers)]
    failures = [f"line {line}: {problem}" for line, problem in enumerate(problems, 1) if problem]
    print(*failures[:10], sep="\n", end="\n" if failures else "", file=sys.stderr)
    seconds.sort()
    figures = {"users": len(users), "seconds": round(elapsed, 3), "creates_per_second": round(len(users) / elapsed, 1)}
    for name, place in ("p50_ms", len(users) // 2), ("p99_ms", len(users) * 99 // 100), ("max_ms", -1):
        figures[name] = round(1000 * seconds[place], 3)
    print(json.dumps(figures | {"failures": len(failures)}))
    return 1 if failures else 0


match sys.argv[1:]:
    case ["generate", count, file] if count.isdecimal() and int(count) > 0:
        generate(int(count), file)
    case ["create", file]:
        sys.exit(asyncio.run(create(file)))
    case _:
        sys.exit(__doc__)
