"""Perspective's Discovery document, a description of the API. Google's client libraries make their methods from it."""

from typing import Any

_REF = "$ref"


def describe(root: str) -> dict[str, Any]:
    """Return the document for a service at the URL `root`, which ends in a slash.

    The names and values are Google's; only `title`, `description` and the URLs are ours.
    """
    return {
        "kind": "discovery#restDescription",
        "discoveryVersion": "v1",
        "id": "commentanalyzer:v1alpha1",
        "name": "commentanalyzer",
        "canonicalName": "Comment Analyzer",
        "version": "v1alpha1",
        "revision": "20260504",
        "title": "Perspective Comment Analyzer API",
        "description": "Scores comments, in the format of the Perspective API; served by Commentdesk.",
        "ownerDomain": "google.com",
        "ownerName": "Google",
        "protocol": "rest",
        "rootUrl": root,
        "mtlsRootUrl": root,
        "servicePath": "",
        "baseUrl": root,
        "basePath": "",
        "batchPath": "batch",
        "fullyEncodeReservedExpansion": True,
        "icons": {},
        "parameters": _PARAMETERS,
        "resources": {
            "comments": {
                "methods": {
                    "analyze": _method("analyze", "AnalyzeComment", "Analyzes the provided text."),
                    "suggestscore": _method("suggestscore", "SuggestCommentScore", "Suggests comment scores."),
                }
            }
        },
        "schemas": _SCHEMAS,
    }


def _method(name: str, message: str, description: str) -> dict[str, Any]:
    path = f"v1alpha1/comments:{name}"
    return {
        "id": f"commentanalyzer.comments.{name}",
        "path": path,
        "flatPath": path,
        "httpMethod": "POST",
        "description": description,
        "parameters": {},
        "parameterOrder": [],
        "request": {_REF: f"{message}Request"},
        "response": {_REF: f"{message}Response"},
        "scopes": ["https://www.googleapis.com/auth/userinfo.email"],
    }


def _query(description: str, **attributes: Any) -> dict[str, Any]:
    return {"type": "string", "location": "query", "description": description, **attributes}


_PARAMETERS = {
    "key": _query("The API token."),
    "alt": _query("Format of the response.", default="json", enum=["json", "media", "proto"]),
    "prettyPrint": _query("Whether the response is indented.", type="boolean", default="true"),
    "fields": _query("Fields to return."),
    "quotaUser": _query("User whose quota counts."),
    "callback": _query("JSONP."),
    "access_token": _query("The API token, as OAuth would send it."),
    "oauth_token": _query("The API token, as OAuth would send it."),
    "upload_protocol": _query("Unused."),
    "uploadType": _query("Unused."),
    "$.xgafv": _query("Format of errors.", enum=["1", "2"]),
}

_TEXT = {"type": "string"}
_TEXTS = {"type": "array", "items": _TEXT}
_FLAG = {"type": "boolean"}
_INTEGER = {"type": "integer", "format": "int32"}
_FLOAT = {"type": "number", "format": "float"}
_SCORE_TYPE = {
    **_TEXT,
    "enum": ["SCORE_TYPE_UNSPECIFIED", "PROBABILITY", "STD_DEV_SCORE", "PERCENTILE", "RAW"],
}


def _schema(name: str, **properties: Any) -> dict[str, Any]:
    return {"id": name, "type": "object", "properties": properties}


def _ref(name: str) -> dict[str, Any]:
    return {_REF: name}


def _map(name: str) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": _ref(name)}


def _list(name: str) -> dict[str, Any]:
    return {"type": "array", "items": _ref(name)}


_REQUEST_FIELDS = {
    "comment": _ref("TextEntry"),
    "context": _ref("Context"),
    "languages": _TEXTS,
    "clientToken": _TEXT,
    "sessionId": _TEXT,
    "communityId": _TEXT,
}

_SCHEMAS = {
    schema["id"]: schema
    for schema in (
        _schema(
            "TextEntry",
            text=_TEXT,
            type={**_TEXT, "enum": ["TEXT_TYPE_UNSPECIFIED", "PLAIN_TEXT", "HTML"]},
        ),
        _schema("ArticleAndParentComment", article=_ref("TextEntry"), parentComment=_ref("TextEntry")),
        _schema("Context", entries=_list("TextEntry"), articleAndParentComment=_ref("ArticleAndParentComment")),
        _schema("AttributeParameters", scoreType=_SCORE_TYPE, scoreThreshold=_FLOAT),
        _schema("Score", value=_FLOAT, type=_SCORE_TYPE),
        _schema("SpanScore", begin=_INTEGER, end=_INTEGER, score=_ref("Score")),
        _schema("AttributeScores", summaryScore=_ref("Score"), spanScores=_list("SpanScore")),
        _schema(
            "AnalyzeCommentRequest",
            **_REQUEST_FIELDS,
            requestedAttributes=_map("AttributeParameters"),
            doNotStore=_FLAG,
            spanAnnotations=_FLAG,
        ),
        _schema(
            "AnalyzeCommentResponse",
            attributeScores=_map("AttributeScores"),
            languages=_TEXTS,
            detectedLanguages=_TEXTS,
            clientToken=_TEXT,
        ),
        _schema("SuggestCommentScoreRequest", **_REQUEST_FIELDS, attributeScores=_map("AttributeScores")),
        _schema("SuggestCommentScoreResponse", clientToken=_TEXT, requestedLanguages=_TEXTS, detectedLanguages=_TEXTS),
    )
}
