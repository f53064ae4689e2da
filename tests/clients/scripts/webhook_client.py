"""standardwebhooks for Python verifies what we have sent."""

import json
import os

from standardwebhooks.webhooks import Webhook

sent = json.loads(os.environ["SENT"])
assert Webhook(sent["secret"]).verify(sent["body"], sent["headers"])["type"] == "comment.decided"
