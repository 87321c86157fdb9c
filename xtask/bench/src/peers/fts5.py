# SQLite's FTS5 with trigrams: one request a line on standard input, one answer a line on standard output.
#
# {"path": FILE, "documents": [[title, body], ...]}  adds documents in one transaction
# {"terms": [...]}                                   asks for the ten best of each
# {"size": true}                                     bytes on disk
import json
import os
import sqlite3
import sys
import time

connection = None
path = None


def opened(file):
    made = sqlite3.connect(file, isolation_level=None)
    made.execute("PRAGMA journal_mode=WAL")
    made.execute("CREATE VIRTUAL TABLE t USING fts5(title, body, tokenize='trigram')")
    return made


def asked(term):
    # Trigrams find nothing shorter than three characters; SQLite's manual names LIKE for that, which reads all texts.
    if len(term) < 3:
        sql, value = "SELECT rowid FROM t WHERE body LIKE ? LIMIT 10", f"%{term}%"
    else:
        sql, value = "SELECT rowid FROM t WHERE t MATCH ? ORDER BY rank LIMIT 10", '"' + term + '"'
    start = time.perf_counter()
    found = len(connection.execute(sql, (value,)).fetchall())
    return [(time.perf_counter() - start) * 1e6, found]


for line in sys.stdin:
    request = json.loads(line)
    if "documents" in request:
        start = time.perf_counter()
        if connection is None:
            path = request["path"]
            connection = opened(path)
        connection.execute("BEGIN")
        connection.executemany("INSERT INTO t(title, body) VALUES (?, ?)", request["documents"])
        connection.execute("COMMIT")
        answer = {"seconds": time.perf_counter() - start}
    elif "terms" in request:
        answer = {"times": [asked(term) for term in request["terms"]]}
    else:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        answer = {"bytes": os.path.getsize(path), "version": sqlite3.sqlite_version}
    print(json.dumps(answer), flush=True)
