"""Django's settings, all from the environment (`environment.KNOWN`); one file for laptop and country."""

from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from everhall.config import environment as env

PACKAGE = Path(__file__).resolve().parent.parent
BASE_DIR = PACKAGE.parent
DATA_DIR = env.data_folder(BASE_DIR)

DEBUG = env.flag("EVERHALL_DEBUG", False)
DEMO = env.flag("EVERHALL_DEMO", False)
STAFF_2FA = env.flag("EVERHALL_STAFF_2FA", not DEMO)
SECRET_KEY = env.secret_key(DATA_DIR)
ALLOWED_HOSTS = env.text("EVERHALL_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
BASE_URL = env.text("EVERHALL_BASE_URL", "http://localhost:8000").rstrip("/")
PAGE_CACHE_MB = env.number("EVERHALL_PAGE_CACHE_MB", 64)
THREADS = env.number("EVERHALL_THREADS", 4, 1, 64)
METRICS_TOKEN = env.text("EVERHALL_METRICS_TOKEN")
#: The programme's clock minus the real one. Embargoes and releases always go by the real clock.
WEEK_CLOCK_OFFSET = env.clock_offset(timezone.now())
LOG_FORMAT = env.text("EVERHALL_LOG")
#: The number under which identifiers of exhibits are minted.
ARK_NAAN = env.naan()
#: Whether the serving process draws scenes that wait.
SCENES = env.flag("EVERHALL_SCENES", True)
COVERS = env.flag("EVERHALL_COVERS", True)
#: Where news goes from process to process; empty: there is only one.
NATS_URL = env.text("EVERHALL_NATS_URL")

INSTALLED_APPS = [
    "everhall.config",
    "everhall.pages",
    "everhall.search",
    "everhall.office",
    "everhall.archive",
    "everhall.live",
    "everhall.audience",
    "everhall.notices",
    "everhall.checkin",
    "everhall.registration",
    "everhall.visits",
    "everhall.myweek",
    "everhall.tours",
    "everhall.proposals",
    "everhall.feedback",
    "everhall.insight",
    "everhall.programme",
    "everhall.exhibition",
    "everhall.calls",
    "everhall.editions",
    "everhall.accounts",
    "everhall.media",
    "everhall.realtime",
    "everhall.post",
    "wagtail.contrib.settings",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
]

MIDDLEWARE = [
    "everhall.config.metrics.measured",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "everhall.accounts.middleware.SecondFactorForStaff",
]

ROOT_URLCONF = "everhall.config.urls"
WSGI_APPLICATION = "everhall.config.wsgi.application"
ASGI_APPLICATION = "everhall.config.asgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "everhall.pages.context.site",
            ],
        },
    },
]

DATABASES = {"default": env.database(DATA_DIR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# ---------------------------------------------------------------- who
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
    "everhall.editions.backends.AppointmentBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[Everhall] "
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_ADAPTER = "everhall.accounts.adapter.AccountAdapter"
#: Attempts are counted by the address of who asks; behind our proxy that is what the proxy says (operations.md).
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if BASE_URL.startswith("https://") else 0
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_TOTP_ISSUER = "Everhall"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG or DEMO

# ---------------------------------------------------------------- languages, time
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [str(PACKAGE / "locale")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# ---------------------------------------------------------------- files
STATIC_URL = "/static/"
STATIC_ROOT = str(DATA_DIR / "static")
#: Libraries of the pages, laid there by tools/npm.sh; without them the player leaves the work to the browser.
STATICFILES_DIRS = [("lib", str(path)) for path in [PACKAGE.parent / "build" / "lib"] if path.is_dir()]
MEDIA_URL = "/media/"
MEDIA_ROOT = str(DATA_DIR / "media")
#: What is made of 3D models and boards; can be made again from the masters.
DERIVED_ROOT = str(DATA_DIR / "derived")
#: Files on their way to the library, in pieces; swept a week after the last piece.
UPLOADS_ROOT = str(DATA_DIR / "uploads")
FILE_MAX_BYTES = env.number("EVERHALL_FILE_MB", 2_000) * 1024 * 1024
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "everhall.config.static.HashedStorage"},
}
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
UPLOAD_MAX_BYTES = env.number("EVERHALL_UPLOAD_MB", 100) * 1024 * 1024

# ---------------------------------------------------------------- cloud video
#: What the live path writes and serves (docs/decisions/0014-live-path.md), films and uploads.
LIVE_ROOT = str(DATA_DIR / "live")
#: The first UDP port of SRT listeners; each feed has one of its own, from here on.
LIVE_FIRST_PORT = env.number("EVERHALL_LIVE_PORT", 9000, 1024, 65_000)
VIDEO_MAX_BYTES = env.number("EVERHALL_VIDEO_MB", 20_000) * 1024 * 1024

# ---------------------------------------------------------------- sheets
#: Kinds of sheets that can be imported and exported; they live in storeys above the batches.
SHEETS = [
    "everhall.accounts.sheets.Organisations",
    "everhall.exhibition.sheets.Exhibits",
    "everhall.programme.sheets.Activities",
    "everhall.programme.needs_sheets.EquipmentSheet",
    "everhall.programme.needs_sheets.TravelTimes",
    "everhall.programme.sheets.Sessions",
    "everhall.programme.exchange_sheets.Exchange",
    "everhall.programme.following_kind.Followed",
]
IMPORT_ARCHIVE_BYTES = env.number("EVERHALL_IMPORT_MB", 300) * 1024 * 1024
#: The sheet and the fields of the form beside the archive.
IMPORT_ALLOWANCE_BYTES = 45 * 1024 * 1024
IMPORT_MAX_ROWS = 50_000

# ---------------------------------------------------------------- Wagtail
WAGTAIL_SITE_NAME = "Everhall 永不落幕"
WAGTAILADMIN_BASE_URL = BASE_URL
WAGTAIL_CONTENT_LANGUAGES = [("zh-hans", _("Chinese"))]
WAGTAILADMIN_PERMITTED_LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_FRONTEND_LOGIN_URL = "/accounts/login/"
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
# An address is changed through allauth, which asks the new one whether it is theirs.
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAILADMIN_RICH_TEXT_EDITORS = {
    "default": {
        "WIDGET": "wagtail.admin.rich_text.DraftailRichTextArea",
        "OPTIONS": {"features": ["h3", "bold", "ol", "ul", "link", "hr"]},
    }
}
WAGTAILIMAGES_IMAGE_MODEL = "media.Picture"
WAGTAILIMAGES_EXTENSIONS = ["avif", "gif", "jpg", "jpeg", "png", "webp"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 30 * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = env.number("EVERHALL_MAX_MEGAPIXELS", 80) * 1_000_000
WAGTAILDOCS_DOCUMENT_MODEL = "media.Attachment"
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILDOCS_DOCUMENT_FORM_BASE = "everhall.media.forms.AttachmentForm"
WAGTAILDOCS_EXTENSIONS = [
    "csv", "docx", "key", "odt", "pdf", "pptx", "txt", "xlsx", "vtt",
    # Masters: what they are is found out by their bytes (everhall/media/forms.py).
    "mp4", "m4v", "mov", "webm", "mkv", "avi", "ts", "mp3", "m4a", "wav", "flac", "ogg", "aac", "aif", "aiff", "glb", "zip", "stl", "obj", "ply", "png", "jpg", "jpeg", "webp", "tif", "tiff", "avif",
]
WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT = True
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "everhall.search.backend"}}
TAGGIT_CASE_INSENSITIVE = True

# ---------------------------------------------------------------- security
SESSION_COOKIE_NAME = "everhall_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"
if BASE_URL.startswith("https://"):
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31_536_000
    CSRF_TRUSTED_ORIGINS = [BASE_URL]
CONTENT_SECURITY_POLICY = {
    # Wagtail's admin writes inline styles and scripts; it is staff only and keeps its own habits.
    "EXCLUDE_URL_PREFIXES": ("/admin/",),
    "DIRECTIVES": {
        "default-src": [SELF],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        # The player hands segments to the browser through a MediaSource, which has a blob: address.
        "media-src": [SELF, "blob:"],
    },
}

EMAIL_FILE_PATH = str(DATA_DIR / "mail")
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.text("EVERHALL_MAIL_FROM", "everhall@localhost")
globals().update(env.mail())

SILENCED_SYSTEM_CHECKS = [
    # TLS ends at the proxy in front; `everhall check` says so in words where it matters.
    "security.W004",
    "security.W008",
]
LOGGING_CONFIG = None
#: For tests only: programmes of other platforms may be followed by http on this machine. Nothing on a site sets it.
FOLLOW_NEAR = False
