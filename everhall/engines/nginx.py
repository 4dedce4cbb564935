"""The configuration of nginx in front of Everhall: TLS, cached segments, RTMP for OBS; pure text from plain values.

In: a `Front`. Out: a whole `nginx.conf`. ValueError for a value that could end a line or a string. What must stay
true: playlists are never held back by a lock (nginx wakes those who wait for one every 500 ms only); only what never
changes is kept; who sends by RTMP has been allowed to by Everhall, and only this machine may fetch it there.
"""

import re
from dataclasses import dataclass
from typing import Final

#: Where Everhall answers whether somebody may send (`live/urls.py`), and that nobody outside may ask.
MAY_SEND: Final = "/live/rtmp/may-send/"

_NAME: Final = re.compile(r"[A-Za-z0-9*.:\[\]-]{1,253}")
_PATH: Final = re.compile(r"/[A-Za-z0-9_./@+-]{0,400}")
_USER: Final = re.compile(r"[a-z_][a-z0-9_-]{0,31}")


@dataclass(frozen=True, slots=True)
class Front:
    """What is different from place to place. Without `certificate` there is no TLS: for trying out only."""

    names: tuple[str, ...]
    upstream: str = "127.0.0.1:8000"
    #: Further processes that serve the same site; requests go to all of them in turn.
    others: tuple[str, ...] = ()
    #: Where `everhall hub` listens; empty: news comes from the upstream too.
    hub: str = ""
    certificate: str = ""
    key: str = ""
    port: int = 80
    tls_port: int = 443
    rtmp: bool = True
    rtmp_port: int = 1935
    #: On the loopback only: here nginx asks itself, so that Everhall sees the site's own name.
    hook_port: int = 8935
    cache: str = "/var/cache/nginx/everhall"
    cache_gb: int = 20
    body_mb: int = 400
    user: str = "www-data"
    run: str = "/run"
    logs: str = "/var/log/nginx"
    modules: str = "/etc/nginx/modules-enabled"
    mime_types: str = "/etc/nginx/mime.types"


def configuration(front: Front) -> str:
    """The whole file."""
    _check(front)
    rtmp = _rtmp(front) if front.rtmp else ""
    return (
        "# Written by `everhall nginx`. Change its options, not this file.\n"
        f"user {front.user};\nworker_processes auto;\nworker_rlimit_nofile 65536;\n"
        f"pid {front.run}/nginx.pid;\nerror_log {front.logs}/error.log warn;\n"
        f"include {front.modules}/*.conf;\n\n"
        "events {\n    worker_connections 16384;\n}\n\n"
        f"http {{\n{_indented(_http(front))}}}\n{rtmp}"
    )


def _check(front: Front) -> None:
    wrong = [name for name in (*front.names, front.upstream, *front.others, front.hub or "none") if not _NAME.fullmatch(name)]
    paths = (front.cache, front.run, front.logs, front.modules, front.mime_types, front.certificate, front.key)
    wrong += [path for path in paths if path and not _PATH.fullmatch(path)]
    wrong += [front.user] if not _USER.fullmatch(front.user) else []
    ports = (front.port, front.tls_port, front.rtmp_port, front.hook_port)
    wrong += [str(port) for port in ports if not 0 < port < 65536]
    if not front.names or bool(front.certificate) != bool(front.key):
        wrong.append("names, or only one of certificate and key")
    if wrong:
        msg = f"nginx cannot be told of {', '.join(wrong)}"
        raise ValueError(msg)


def _indented(text: str) -> str:
    return "".join(f"    {line}" if line.strip() else line for line in text.splitlines(keepends=True))


def _http(front: Front) -> str:
    site = _site(front)
    listen = (
        f"listen {front.tls_port} ssl http2;\nlisten [::]:{front.tls_port} ssl http2;\n"
        f"ssl_certificate {front.certificate};\nssl_certificate_key {front.key};\n"
        "ssl_protocols TLSv1.2 TLSv1.3;\nssl_session_cache shared:everhall_tls:10m;\n"
        if front.certificate
        else f"listen {front.port};\nlisten [::]:{front.port};\n"
    )
    servers = f"server {{\n{_indented(listen + site)}}}\n"
    if front.certificate:
        names = " ".join(front.names)
        servers += (
            f"server {{\n    listen {front.port};\n    listen [::]:{front.port};\n    server_name {names};\n"
            "    return 301 https://$host$request_uri;\n}\n"
        )
    if front.rtmp:
        servers += _hook(front)
    upstreams = "".join(f"    server {one};\n" for one in (front.upstream, *front.others))
    hub = f"upstream everhall_hub {{\n    server {front.hub};\n    keepalive 16;\n}}\n" if front.hub else ""
    return (
        f"include {front.mime_types};\ndefault_type application/octet-stream;\n"
        f"access_log off;\nsendfile on;\ntcp_nopush on;\nserver_tokens off;\nkeepalive_timeout 30s;\n"
        f"client_max_body_size {front.body_mb}m;\n"
        f"proxy_cache_path {front.cache} levels=1:2 keys_zone=everhall:50m max_size={front.cache_gb}g"
        " inactive=1h use_temp_path=off;\n"
        f"upstream everhall {{\n{upstreams}    keepalive 128;\n}}\n{hub}{_proxy()}{servers}"
    )


def _proxy() -> str:
    """For all locations; one that sets a header of its own would lose these. The host goes on with its port: Django
    compares it with where a form says that it comes from."""
    return (
        'proxy_http_version 1.1;\nproxy_set_header Connection "";\nproxy_set_header Host $http_host;\n'
        "proxy_set_header X-Forwarded-For $remote_addr;\nproxy_set_header X-Forwarded-Proto $scheme;\n"
        "proxy_set_header X-Request-Id $request_id;\nproxy_request_buffering off;\nproxy_read_timeout 120s;\n"
    )


def _site(front: Front) -> str:
    news = "everhall_hub" if front.hub else "everhall"
    return f"""server_name {" ".join(front.names)};

# Segments and inits: the name says what is in them, so they are kept as long as there is room.
location ^~ /live/s/ {{
    proxy_pass http://everhall;
    proxy_cache everhall;
    proxy_cache_key $uri;
    proxy_cache_valid 200 1y;
    proxy_cache_valid any 0;
    proxy_ignore_headers Set-Cookie Vary;
    proxy_cache_lock on;
    proxy_force_ranges on;
    proxy_cache_use_stale error timeout updating http_500 http_502 http_503 http_504;
    add_header X-Cache $upstream_cache_status always;
}}
# Parts: the same bytes for ever under one name, but asked for before they are there. No lock: see above.
location ^~ /live/p/ {{
    proxy_pass http://everhall;
    proxy_cache everhall;
    proxy_cache_key $uri;
    proxy_cache_valid 200 1m;
    proxy_cache_valid any 0;
    proxy_ignore_headers Set-Cookie Vary;
}}
# Playlists wait at Everhall for what is new; nothing here may hold them back or keep them.
location ^~ /live/ {{
    proxy_pass http://everhall;
    proxy_cache off;
    proxy_buffering off;
}}
# News: sockets stay open for days; a browser without one asks once a second, and all of them get one answer.
location = /news/socket {{
    proxy_pass http://{news};
    proxy_set_header Host $http_host;
    proxy_set_header X-Forwarded-For $remote_addr;
    proxy_set_header Upgrade $http_upgrade;
    proxy_set_header Connection "upgrade";
    proxy_read_timeout 1h;
}}
location = /news/poll {{
    proxy_pass http://{news};
    proxy_cache everhall;
    proxy_cache_key $uri$is_args$args;
}}
location = /clock {{
    proxy_pass http://{news};
    proxy_cache off;
}}
location = {MAY_SEND} {{
    return 404;
}}
location = /metrics {{
    deny all;
}}
location / {{
    proxy_pass http://everhall;
}}
"""


def _hook(front: Front) -> str:
    """nginx-rtmp asks by address, and Everhall answers to its name only."""
    scheme = "https" if front.certificate else "http"
    return f"""server {{
    listen 127.0.0.1:{front.hook_port};
    location = {MAY_SEND} {{
        proxy_pass http://everhall;
        proxy_http_version 1.1;
        proxy_set_header Connection "";
        proxy_set_header Host {front.names[0]};
        proxy_set_header X-Forwarded-For 127.0.0.1;
        proxy_set_header X-Forwarded-Proto {scheme};
    }}
    location / {{
        return 404;
    }}
}}
"""


def _rtmp(front: Front) -> str:
    return f"""
# OBS: server rtmp://{front.names[0]}/live, and as the key what the feed's page says.
rtmp {{
    server {{
        listen {front.rtmp_port};
        chunk_size 4096;
        ping 10s;
        ping_timeout 5s;
        timeout 10s;
        application live {{
            live on;
            record off;
            # Who fetches a feed is told at once that it has ended; another life is another run.
            idle_streams off;
            drop_idle_publisher 10s;
            sync 10ms;
            allow play 127.0.0.1;
            deny play all;
            on_publish http://127.0.0.1:{front.hook_port}{MAY_SEND};
            notify_method post;
        }}
    }}
}}
"""
