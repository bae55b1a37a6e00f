"""An ingestion that machines of the premises read and embed for, on Ray.

This process stays the only writer: it lists, hashes, keeps and publishes. The bytes of
each file travel with its task, so that a machine needs the program and the models, no
shared disk. Ray is an optional dependency (``pip install .[cluster]``), imported when
`joined` is called.

`joining` reaches the cluster and lets it go, `equipment` says what each machine must have in
common with this one, `stages` what they do, `stream` how it comes back, `workforce` plays
the part that an ingestion asks for; `refusals` words what can go wrong.
"""

from assistant.cluster.joining import joined

__all__ = ["joined"]
