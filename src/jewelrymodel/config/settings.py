"""Django's settings. What an operator may change is read from the environment, nothing else."""

import os
from pathlib import Path

from jewelrymodel.config import (
    credential_settings,
    mail_in_settings,
    provider_settings,
    unsafe_settings,
)
from jewelrymodel.config import environment_variables as env
from jewelrymodel.config.event_tasks import EVENT_TASKS as EVENT_TASKS
from jewelrymodel.config.queue_lanes import TASK_QUEUES as TASK_QUEUES
from jewelrymodel.infra import languages

# Where things live, and on which ports -----------------------------------------------------------
DATA_DIR = env.data_dir()
PORT = env.number("PORT", 8000)
HOST = env.text("HOST") or "127.0.0.1"
SANDBOX_PORT = env.number("SANDBOX_PORT", PORT + 1)
GENERATOR_PORT = env.number("GENERATOR_PORT", PORT + 2)
SMTP_PORT = env.number("SMTP_PORT", PORT + 3)
PUBLIC_URL = unsafe_settings.public_url(env.text("PUBLIC_URL") or f"http://localhost:{PORT}")
TRUSTED_PROXY = unsafe_settings.proxies(env.text("TRUSTED_PROXY"))
DATABASE_URL = env.text("DATABASE_URL")
EMBEDDED_DATABASE = not DATABASE_URL
DATABASE_HOME = env.database_home(DATA_DIR)
POSTGRES_SOCKET_DIR = Path(env.text("POSTGRES_SOCKET_DIR", str(DATABASE_HOME / "run")))
MODELS_DIR = env.models_dir()
TERMS_DIR = env.terms_dir()
MATTING_MODEL = env.matting_model()
MATTING_LICENSE_ACKNOWLEDGED = env.text("MATTING_LICENSE_ACKNOWLEDGED")

# The demo: on by itself only where the database is our own, never beside live processor keys -----
DEMO = env.flag("DEMO", default=EMBEDDED_DATABASE)
DEMO_WORLD = env.flag("DEMO_WORLD", default=True)

# Backups: after how many hours without a whole one we complain; 0 never does ---------------------
BACKUP_MAX_AGE_HOURS = env.number("BACKUP_MAX_AGE_HOURS", 0 if DEMO else 26)

# Brand and legal entity (the demo's are invented) ------------------------------------------------
BRAND = env.text("BRAND", "AI Jewelry Model")
LEGAL_ENTITY = env.text("LEGAL_ENTITY", "Example Atelier Ltd (invented)")
LEGAL_ADDRESS = env.text("LEGAL_ADDRESS", "1 Example Street, Exampleton")
LEGAL_TAX_ID = env.text("LEGAL_TAX_ID")
SUPPORT_EMAIL = env.text("SUPPORT_EMAIL", "support@jewelrymodel.example")
DEFAULT_FROM_EMAIL = env.text("FROM_EMAIL", f"{BRAND} <{SUPPORT_EMAIL}>")
SERVER_EMAIL = SUPPORT_EMAIL

# Security ----------------------------------------------------------------------------------------
SECRET_KEY = env.secret("SECRET_KEY", DATA_DIR)
SECRET_KEY_FALLBACKS = env.text("FORMER_SECRET_KEYS").replace(",", " ").split()
SIGNING_KEY = env.secret("SIGNING_KEY", DATA_DIR)
DEBUG = False
_SECURE = PUBLIC_URL.startswith("https://")
ALLOWED_HOSTS = env.hosts(PUBLIC_URL, HOST)
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _SECURE
COOKIE_PREFIX = "__Host-" if _SECURE else ""  # then no subdomain and no plain page can set them
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}sessionid", f"{COOKIE_PREFIX}csrftoken"
MESSAGE_STORAGE = "jewelrymodel.web.cookies.Messages"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_HSTS_SECONDS = 31_536_000 if _SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.flag("HSTS_SUBDOMAINS", default=True)
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
PERMISSIONS_POLICY: dict[str, list[str]] = {
    feature: []
    for feature in (
        *("browsing-topics", "camera", "display-capture", "geolocation", "local-fonts"),
        *("microphone", "midi", "payment", "publickey-credentials-get", "serial", "usb"),
    )
}
"""What no page asks a browser for, and so nothing that got into one may either."""
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'", *env.form_targets(SANDBOX_PORT, demo=DEMO)],
        "frame-ancestors": ["'none'"],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_000_000

# Parts -------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "jewelrymodel.web",  # first: its templates stand before those of the apps below
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "procrastinate.contrib.django",
    "jewelrymodel.infra",
    "jewelrymodel.audit",
    "jewelrymodel.accounts",
    "jewelrymodel.catalog",
    "jewelrymodel.ledger",
    "jewelrymodel.payments",
    "jewelrymodel.generation",
    "jewelrymodel.incidents",
    "jewelrymodel.promises",
    "jewelrymodel.remedies",
    "jewelrymodel.attestation",
    "jewelrymodel.support",
    "jewelrymodel.disputes",
    "jewelrymodel.privacy",
    *(["jewelrymodel.demo"] if DEMO else []),
]
MIDDLEWARE = [
    "jewelrymodel.config.metrics.count_requests",
    *(["jewelrymodel.demo.loopback_guard.this_machine_only"] if DEMO else []),
    "jewelrymodel.web.addresses.believe_our_proxies",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",  # before the static files: a picture may hold a script too
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "jewelrymodel.web.compression.CompressedPages",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "jewelrymodel.web.private_pages.kept_by_nobody",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "jewelrymodel.web.sessions.bounded",
    "jewelrymodel.web.language.written_for_the_reader",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "jewelrymodel.web.addresses.refuse_nul",
]
ROOT_URLCONF = "jewelrymodel.config.urls"
WSGI_APPLICATION = "jewelrymodel.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "jewelrymodel.web.context.shell",
                *(["jewelrymodel.demo.context.personas"] if DEMO else []),
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"

# Database, cache, queue --------------------------------------------------------------------------
_SERVICE_ROLE, DATABASE_OWNER = env.database_roles(str(POSTGRES_SOCKET_DIR))
DATABASE_SERVICE = {**_SERVICE_ROLE}
DATABASE_SERVICE_ROLE = _SERVICE_ROLE["USER"]
DATABASES = {
    "default": {
        **_SERVICE_ROLE,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        "BACKEND": "jewelrymodel.infra.attempt_counts.AttemptCounts",
        "LOCATION": "infra_cache",
        "OPTIONS": {"MAX_ENTRIES": 10_000},  # from then on what has expired is removed
    }
}
PROCRASTINATE_ON_APP_READY = "jewelrymodel.config.queue_lanes.on_app_ready"
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = ""  # work is deferred by name: only a worker loads it
PROCRASTINATE_IMPORT_PATHS = [
    f"jewelrymodel.{room}.tasks"
    for room in (
        *("infra", "accounts", "ledger", "payments", "generation", "remedies", "support"),
        *("attestation", "disputes", "incidents", "privacy"),
    )
]

# Files -------------------------------------------------------------------------------------------
MEDIA_ROOT = DATA_DIR / "files"
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "jewelrymodel.infra.whole_files.WholeFiles"},
    "staticfiles": {"BACKEND": "jewelrymodel.infra.static_files.StaticFiles"},
}

DISK_RESERVE_MB = env.number("DISK_RESERVE_MB", 1_000)  # less is left: uploads are refused

# Accounts: django-allauth, by e-mail -------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": name}
    for name in (
        "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "django.contrib.auth.password_validation.MinimumLengthValidator",
        "django.contrib.auth.password_validation.CommonPasswordValidator",
        "jewelrymodel.web.password_words.OwnWords",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/studio"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "jewelrymodel.web.auth_adapters.AccountAdapter"
ACCOUNT_FORMS = {"signup": "jewelrymodel.web.sign_up.SignupForm"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = False
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
SESSION_DAYS = env.number("SESSION_DAYS", 30)  # then everybody signs in again; unused, after 14
STAFF_SESSION_HOURS = env.number("STAFF_SESSION_HOURS", 12)  # then who works at the desk is asked
MFA_ADAPTER = "jewelrymodel.web.auth_adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_FORMS = {
    "activate_totp": "jewelrymodel.web.second_factor_forms.ActivateForm",
    "authenticate": "jewelrymodel.web.second_factor_forms.AuthenticateForm",
    "reauthenticate": "jewelrymodel.web.second_factor_forms.ReauthenticateForm",
}
MFA_TOTP_ISSUER = BRAND
MFA_TOTP_TOLERANCE = 1  # half a minute either way: phones' clocks differ

# Mail: SMTP always; in the demo it goes to our own listener --------------------------------------
EMAIL_BACKEND = "jewelrymodel.infra.outgoing_email.SmtpBackend"
EMAIL_HOST = env.text("EMAIL_HOST", "127.0.0.1")
EMAIL_PORT = env.number("EMAIL_PORT", SMTP_PORT)
EMAIL_HOST_USER = env.text("EMAIL_USER")
EMAIL_HOST_PASSWORD = env.text("EMAIL_PASSWORD")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", default=False)
EMAIL_TIMEOUT = 10

# Mail in: a mailbox that is read, a mail server that hands over, or both; the demo has its own ----
MAIL_IN_MAILBOX = mail_in_settings.mailbox(demo=DEMO)
MAIL_IN_LISTENER = mail_in_settings.listener(demo=DEMO)
MAIL_IN_MAX_BYTES = mail_in_settings.largest_bytes()
MAIL_IN_RESULTS_OF = mail_in_settings.results_of()

# The payment processor: the official SDK, pointed at the sandbox or at the real one --------------
STRIPE_API_BASE = env.text("STRIPE_API_BASE", f"http://127.0.0.1:{SANDBOX_PORT}" if DEMO else "")
STRIPE_SECRET_KEY = env.text("STRIPE_SECRET_KEY", "sk_test_sandbox_demo" if DEMO else "")
_webhook_secret = env.secret if DEMO else env.given_secret  # the real processor makes its own
STRIPE_WEBHOOK_SECRET = _webhook_secret("STRIPE_WEBHOOK_SECRET", DATA_DIR)
AUTOMATIC_TAX = env.choice("AUTOMATIC_TAX", ("inclusive", "exclusive"))  # "": none is asked for
LIVE_BILLING_UNPROVEN = env.flag("LIVE_BILLING_UNPROVEN", default=False)

# Deciding: what a machine may refund alone, and from where on two people decide ------------------
MACHINE_LIMIT_MINOR = env.number("MACHINE_LIMIT_MINOR", 5_000)
SECOND_APPROVAL_LIMIT_MINOR = env.number("SECOND_APPROVAL_LIMIT_MINOR", 20_000)
SECOND_APPROVAL_LIMIT_CREDITS = env.number("SECOND_APPROVAL_LIMIT_CREDITS", 500)
SINGLE_OPERATOR = env.flag("SINGLE_OPERATOR", default=False)
SECOND_APPROVAL_WAIT_HOURS = env.number("SECOND_APPROVAL_WAIT_HOURS", 24)

# New accounts: to how many of one network the catalog's free images go within a day --------------
WELCOMES_PER_NETWORK = env.number("WELCOMES_PER_NETWORK", 100 if DEMO else 3)

# Photos and images: how long a seller can undo their deletion -------------------------------------
DELETED_KEPT_DAYS = env.number("DELETED_KEPT_DAYS", 30)
DATA_EXPORTS_KEPT_DAYS = env.number("DATA_EXPORTS_KEPT_DAYS", 7)
CLOSING_UNDO_DAYS = env.number("CLOSING_UNDO_DAYS", 14)
SECURITY_EVENTS_KEPT_DAYS = env.number("SECURITY_EVENTS_KEPT_DAYS", 90)
RECORDS_KEPT_YEARS = env.number("RECORDS_KEPT_YEARS", 10)
AGREEMENTS_KEPT_YEARS = env.number("AGREEMENTS_KEPT_YEARS", 3)
RENDERING_MICROS_PER_S = env.number("RENDERING_MICROS_PER_S", 20)

# The desk: what an operator can ask there --------------------------------------------------------
DOCTOR = "jewelrymodel.config.commands.doctor.findings"
RETENTION = "jewelrymodel.config.retention.terms"

# Generators: the embedded renderer always; hosted ones where they are set ------------------------
PROVIDER_VARIABLES = provider_settings.SWITCHES
PROVIDERS = provider_settings.providers(demo=DEMO, stand_in_port=GENERATOR_PORT)
HOSTED_GENERATOR_URL = env.text(
    "HOSTED_GENERATOR_URL", f"http://127.0.0.1:{GENERATOR_PORT}" if DEMO else ""
)

# Content Credentials: whose certificate signs what sellers download, if anybody's -----------------
CONTENT_CREDENTIALS = credential_settings.signatory_files(demo=DEMO)

# Counts for whoever watches: for programs on this machine, or for those that have the token ------
METRICS_TOKEN = env.text("METRICS_TOKEN")

# Language, time, logs ----------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES: list[tuple[str, str]] = [(one.code, one.name) for one in languages.LANGUAGES]
LOCALE_PATHS = [Path(languages.__file__).resolve().parent.parent / "locale"]
USE_I18N = True
TIME_ZONE = "UTC"
USE_TZ = True
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "jewelrymodel.config.log_lines.OneLine"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {name: {"level": "WARNING"} for name in ("procrastinate", "httpx", "pyvips")},
    "root": {"handlers": ["stderr"], "level": env.text("LOG_LEVEL", "INFO")},
}

# What we refuse to start with --------------------------------------------------------------------
unsafe_settings.refuse_former_names(os.environ)
if DEMO:
    unsafe_settings.refuse_public_demo(
        host=HOST, public_url=PUBLIC_URL, trusted_proxy=TRUSTED_PROXY
    )
    unsafe_settings.refuse_outside_world(
        stripe_key=STRIPE_SECRET_KEY, stripe_base=STRIPE_API_BASE, email_host=EMAIL_HOST
    )
else:
    unsafe_settings.refuse_open_service(
        public_url=PUBLIC_URL,
        trusted_proxy=TRUSTED_PROXY,
        stripe_key=STRIPE_SECRET_KEY,
        stripe_base=STRIPE_API_BASE,
    )
unsafe_settings.refuse_unproven_billing(stripe_key=STRIPE_SECRET_KEY, allowed=LIVE_BILLING_UNPROVEN)
unsafe_settings.refuse_uncleared_model(
    stripe_key=STRIPE_SECRET_KEY,
    model=env.uncleared_model(MODELS_DIR, MATTING_MODEL),
    acknowledged=MATTING_LICENSE_ACKNOWLEDGED,
)
