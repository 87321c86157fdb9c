"""Lists documents and facts of a Monazite server: a client in another language, with nothing but grpcio.

Usage: list.py SERVER TOKEN_FILE BINDINGS_FOLDER
Prints one JSON object: {"services": [...], "documents": [...], "facts": [...]}.
"""

import json
import sys


def main() -> None:
    server, token_file, bindings = sys.argv[1:4]
    sys.path.insert(0, bindings)
    import grpc
    from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc

    from monazite.record.v1 import document_pb2, layer_pb2
    from monazite.storage.v1 import storage_pb2, storage_pb2_grpc

    with open(token_file, encoding="ascii") as file:
        metadata = (("authorization", "Bearer " + file.read().strip()),)
    channel = grpc.insecure_channel(server.removeprefix("http://"))

    # What the server offers is discovered, not known beforehand.
    reflection = reflection_pb2_grpc.ServerReflectionStub(channel)
    question = reflection_pb2.ServerReflectionRequest(list_services="")
    answer = next(reflection.ServerReflectionInfo(iter([question]), metadata=metadata))
    services = sorted(service.name for service in answer.list_services_response.service)

    storage = storage_pb2_grpc.StorageStub(channel)

    def records(kind: str):
        token = ""
        while True:
            request = storage_pb2.ListRequest(kind=kind, page_size=2, page_token=token)
            page = storage.List(request, metadata=metadata)
            yield from page.records
            token = page.next_page_token
            if not token:
                return

    texts = {}
    documents = []
    for record in records("monazite.record.v1.Document"):
        document = document_pb2.Document.FromString(record.body)
        texts[record.name] = document.text.encode()
        title = texts[record.name][: document.title_bytes].decode()
        documents.append({"name": record.name, "title": title, "source": document.source})

    facts = []
    for record in records("monazite.record.v1.Layer"):
        layer = layer_pb2.Layer.FromString(record.body)
        for mention in layer.mentions:
            if mention.kind == layer_pb2.MENTION_KIND_QUANTITY:
                quote = texts[layer.document][mention.start_byte : mention.end_byte].decode()
                facts.append({"value": mention.value, "unit": mention.unit, "quote": quote})

    json.dump({"services": services, "documents": documents, "facts": facts}, sys.stdout, ensure_ascii=False)


main()
