"""Settings: a pure function of the environment that refuses unsafe combinations.

One file for every process. ``UPSTANDER_PROCESS`` says which one this is; it decides the database
role, the routes and the middleware, so that a fault in one process has only that one's rights.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import django_stubs_ext
from django.core.exceptions import ImproperlyConfigured

from upstander.base.languages import BY_CODE, ENGLISH, offer
from upstander.config import environment
from upstander.config.database import Role, database_for
from upstander.config.home import Home
from upstander.config.proxies import has_tls, trusted_proxies
from upstander.rulefiles.signatures import signed
from upstander.ui.loading import LOADERS
from upstander.vault.keyring import SHRED_FOLDER, Keyring
from upstander.vault.month_keys import MonthKeys
from upstander.vault.pins import Pins
from upstander.vault.shred_files import ShredFiles, TwoPlaces

django_stubs_ext.monkeypatch()

PROCESSES = ("public", "desk", "worker", "command", "test")
PROCESS = environment.given("UPSTANDER_PROCESS")
if PROCESS not in PROCESSES:
    raise ImproperlyConfigured(f"UPSTANDER_PROCESS is {PROCESS!r}; it must be one of {PROCESSES}")

HOME = Home.from_env()
#: Made-up people, whose second factors stand on the sign-in page: in a folder of such people alone.
DEMO = environment.is_on("UPSTANDER_DEMO")
if DEMO and not (HOME.root / "demo").exists():
    raise ImproperlyConfigured(
        f"UPSTANDER_DEMO is set, and {HOME.root} is no demo's folder. Take the variable out: it "
        "would show second factors to whoever opens the sign-in page."
    )
#: The public site without its speed machinery (upstander/tips/speed/README.md).
PLAIN_INTAKE = environment.is_on("UPSTANDER_PLAIN_INTAKE")
#: Whether each of its processes keeps to one processor; how many connections each keeps.
PUBLIC_PIN = environment.given("UPSTANDER_PUBLIC_PIN") != "0"
PUBLIC_LINES = max(1, environment.number("UPSTANDER_PUBLIC_LINES"))
DEBUG = False
BASE_DIR = Path(__file__).resolve().parents[2]

PUBLIC_PORT = environment.number("UPSTANDER_PUBLIC_PORT")
DESK_PORT = environment.number("UPSTANDER_DESK_PORT")
#: The two sites' addresses as people see them. Two host names: cookies ignore ports.
PUBLIC_URL = environment.given("UPSTANDER_PUBLIC_URL", f"http://127.0.0.1:{PUBLIC_PORT}")
DESK_URL = environment.given("UPSTANDER_DESK_URL", f"http://localhost:{DESK_PORT}")


def _host(url: str) -> str:
    return url.split("://", 1)[-1].split("/", 1)[0].rsplit(":", 1)[0]


if _host(PUBLIC_URL) == _host(DESK_URL):
    raise ImproperlyConfigured(
        "UPSTANDER_PUBLIC_URL and UPSTANDER_DESK_URL have the same host name. Cookies "
        "ignore ports, so a reporter's and a staff member's would mix: give the desk a host "
        "name of its own."
    )
TLS = has_tls(environment.everything())
if DEMO and TLS:
    raise ImproperlyConfigured("A demo is for this machine alone: it has no https address.")
if not TLS and not ({_host(PUBLIC_URL), _host(DESK_URL)} <= {"127.0.0.1", "localhost"}):
    raise ImproperlyConfigured("Outside this machine both sites must have https addresses.")
#: The two sites count what comes from one place; the command refuses what would not work there.
TRUSTED_PROXIES = (
    trusted_proxies(environment.everything(), tls=TLS)
    if PROCESS in ("public", "desk", "command", "test")
    else ()
)

_URL = PUBLIC_URL if PROCESS == "public" else DESK_URL
ALLOWED_HOSTS = [_host(_URL)]
#: The very names that a request may give this site, port and all; a proxy may leave the port out.
ONE_HOST = frozenset({_host(_URL), urlsplit(_URL).netloc})
if PROCESS == "test":
    ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
    ONE_HOST = frozenset()

# --- Keys. Each process can read only its own files (upstander/vault/keyring.py). ---------------
_keyring = Keyring(HOME.keys, PROCESS)


def _key(name: str, *processes: str) -> bytes:
    return _keyring.read(name) if PROCESS in (*processes, "test") else b""


SECRET_KEY = (
    _keyring.read("django-public").hex()
    if PROCESS == "public"
    else _keyring.read("django-desk").hex()
    if PROCESS in ("desk", "test")
    else "the worker and the command sign nothing"
)
FIELD_KEY = _key("field", "desk", "worker", "command")
PASSWORD_PEPPER = _key("password-pepper", "desk", "command")
PERSON_PEPPER = _key("person-pepper", "desk", "worker", "command")
SIGNING_KEY = _key("signing", "desk", "command")
CODE_KEY = _key("code", "public", "command")
CODE_PEPPER = _key("code-pepper", "public", "command")
VERIFY_KEY = _key("verify", "public", "desk", "worker", "command")
CARRIER_KEY = _key("carrier", "public", "desk", "worker", "command")
ANSWER_KEY = _key("answer", "desk", "worker")
VAPID_KEY = _key("vapid", "desk", "worker")
#: Renewed nightly, so read anew whenever the folder has changed; every process may.
SHRED_FILES = ShredFiles(HOME.keys / SHRED_FOLDER)
#: To which the app seals what it can't send yet: the public process's alone.
APP_KEYS = MonthKeys(HOME.keys / "app")
#: And where they lie too: read and written by the worker and the command alone.
SHRED_PLACES = TwoPlaces(SHRED_FILES, ShredFiles(HOME.second_place) if HOME.second_place else None)

#: What was signed last of places, teams and keys, as both sites have seen it.
PINS = Pins(HOME.pins)

# --- Database ------------------------------------------------------------------------------------
_ROLES = {
    "public": Role.PUBLIC,
    "desk": Role.SIGN_IN,
    "worker": Role.WORKER,
    "command": Role.OWNER,
    "test": Role.OWNER,
}
DATABASES: dict[str, Any] = {"default": database_for(_ROLES[PROCESS], HOME)}
#: The desk's second one, which `viewing()` puts in the default's place (people/scope.py).
VIEWING_ALIAS = "viewing" if PROCESS == "desk" else ""
if VIEWING_ALIAS:
    DATABASES[VIEWING_ALIAS] = database_for(Role.STAFF, HOME)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Apps ----------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.forms",
    # Before allauth: its pages are replaced by ours of the same name.
    "upstander.ui",
    # From here on the lowest layer first: functions and policies are made in this order.
    "upstander.schema",
    "upstander.vault",
    "upstander.audit",
    "upstander.states",
    "upstander.places",
    "upstander.intake",
    "upstander.people",
    "upstander.matters",
    "upstander.editions",
    # The reporter's site knows no accounts.
    *([] if PROCESS == "public" else ["allauth", "allauth.account", "allauth.mfa"]),
    "upstander.carriers",
    "upstander.oncall",
    "upstander.escalations",
    "upstander.directory",
    "upstander.tips",
    "upstander.approvals",
    "upstander.decisions",
    "upstander.cases",
    "upstander.cases.guides",
    "upstander.emergency",
    "upstander.mandated",
    "upstander.mandated.written",
    "upstander.mandated.register",
    "upstander.training",
    "upstander.lessons",
    "upstander.referrals",
    "upstander.callouts",
    "upstander.helplines",
    "upstander.watch",
    "upstander.triage",
    "upstander.doors",
    "upstander.accountability",
    "upstander.retention",
    "upstander.administration",
    "upstander.webapp",
    "upstander.desk",
    "upstander.front",
    # Last: it checks what all others bring.
    "upstander.config",
]

_PUBLIC_MIDDLEWARE = [
    "upstander.config.one_host.OneHost",
    "upstander.front.middleware.PublicHeaders",
    "upstander.front.middleware.PathLanguage",
    "django.middleware.common.CommonMiddleware",
]
# No LocaleMiddleware: what of the desk speaks Spanish, nobody's browser chooses (ADR 205).
_DESK_MIDDLEWARE = [
    "upstander.config.one_host.OneHost",
    "django.middleware.security.SecurityMiddleware",
    "upstander.desk.static_files.StaticFiles",
    "upstander.desk.middleware.DeskHeaders",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "upstander.people.middleware.ViewerMiddleware",
    "upstander.desk.languages.StaffLanguage",
]
MIDDLEWARE = _PUBLIC_MIDDLEWARE if PROCESS == "public" else _DESK_MIDDLEWARE
ROOT_URLCONF = (
    "upstander.config.urls_public" if PROCESS == "public" else "upstander.config.urls_desk"
)

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": LOADERS,
            "context_processors": [
                "django.template.context_processors.request",
                *(
                    []
                    if PROCESS == "public"
                    else [
                        "django.contrib.auth.context_processors.auth",
                        "django.contrib.messages.context_processors.messages",
                        "upstander.desk.context.desk",
                    ]
                ),
            ],
        },
    }
]
FORM_RENDERER = "upstander.ui.forms.Renderer"

#: Where a State's law is looked for: each folder in them is one (docs/how-to/add-a-state.md).
STATES_FOLDERS = [BASE_DIR / "upstander" / "states"]

# --- Languages -----------------------------------------------------------------------------------
LANGUAGE_CODE = ENGLISH.code
offer(signed(HOME.languages), drafts=DEMO)
LANGUAGES = [(one.code, one.english) for one in BY_CODE.values()]
LOCALE_PATHS = [BASE_DIR / "locale", *([BASE_DIR / "locale/desk"] if PROCESS != "public" else [])]
FORMAT_MODULE_PATH = "upstander.ui.formats"
USE_I18N = USE_TZ = True
TIME_ZONE = "America/New_York"

# --- Files ---------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = HOME.root / "static"
STORAGES = {
    "default": {
        "BACKEND": "upstander.tips.storage.DurableFolder",
        "OPTIONS": {"location": str(HOME.files)},
    },
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PROCESS in ("public", "desk", "command")
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
#: Far more than a form may hold, which tells of those too many in words (tips/uploads.py).
DATA_UPLOAD_MAX_NUMBER_FILES = 100

# --- Staff sign-in -------------------------------------------------------------------------------
AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = ["upstander.people.tries.Backend"]
PASSWORD_HASHERS = ["upstander.vault.hashers.PepperedArgon2"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/account/login/"
LOGIN_REDIRECT_URL = "/"
SESSION_ENGINE = "upstander.people.websessions"
SESSION_COOKIE_NAME = "desk"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = TLS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
ACCOUNT_ADAPTER = "upstander.people.adapters.AccountAdapter"
MFA_ADAPTER = "upstander.people.adapters.SecondFactorAdapter"
ACCOUNT_FORMS = {
    "login": "upstander.people.forms.account.LoginForm",
    "change_password": "upstander.people.forms.account.ChangePasswordForm",
    "reset_password_from_key": "upstander.people.forms.account.ResetPasswordForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if TLS else "http"
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
# Nothing is counted by address alone: a school is one (people/tries.py counts wrong passwords).
ACCOUNT_RATE_LIMITS = {
    "login": "",
    "login_failed": "5/300s/key",  # of the second factor, by person
    "reset_password": "5/m/key",
    "reset_password_from_key": "",
}
if PROCESS in ("desk", "test"):
    CACHES = {"default": {"BACKEND": "upstander.people.sign_in_memory.SignInMemory"}}
# With TLS there is a proxy in front, whose word we take.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if TLS else 0
CSRF_FAILURE_VIEW = "upstander.ui.errors.desk_403"
MFA_FORMS = {
    "authenticate": "upstander.people.forms.second_factor.SecondFactorForm",
    "reauthenticate": "upstander.people.forms.second_factor.ReauthenticateForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = False
MFA_TOTP_ISSUER = "Upstander"
# The code before and after the current one count too: phones' clocks differ, and people type.
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not TLS

# --- Mail ----------------------------------------------------------------------------------------
MAILERS: dict[str, Any] = {
    "default": {"BACKEND": "upstander.carriers.outbox.OutboxBackend"}
    if DEMO
    else {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {
            "host": environment.given("UPSTANDER_SMTP_HOST"),
            "port": environment.number("UPSTANDER_SMTP_PORT"),
            "username": environment.given("UPSTANDER_SMTP_USER"),
            "password": environment.given("UPSTANDER_SMTP_PASSWORD"),
            "use_tls": environment.is_on("UPSTANDER_SMTP_TLS"),
            "timeout": 10,
        },
    }
}
#: The demo's phones page is a push service too; elsewhere only the browsers' makers are.
PUSH_SERVICE = f"http://127.0.0.1:{environment.given('UPSTANDER_PHONES_PORT')}" if DEMO else ""
DEFAULT_FROM_EMAIL = environment.given("UPSTANDER_MAIL_FROM")

# --- The record, as outsiders know it (upstander/audit) ------------------------------------------
#: Its name in every checkpoint. It must never change: a record of another name is another record.
RECORD_NAME = environment.given("UPSTANDER_RECORD_NAME", f"{_host(DESK_URL)}/record")
if not RECORD_NAME or "+" in RECORD_NAME or len(RECORD_NAME.split()) != 1:
    raise ImproperlyConfigured("UPSTANDER_RECORD_NAME must be one word without a plus sign.")
#: Where each night's checkpoint goes: folders (by colons) and addresses (commas) out of reach here.
RECORD_FOLDERS = [f for f in environment.given("UPSTANDER_RECORD_FOLDERS").split(":") if f]
RECORD_MAIL = environment.given("UPSTANDER_RECORD_MAIL").replace(",", " ").split()

# --- Headers -------------------------------------------------------------------------------------
SECURE_CONTENT_TYPE_NOSNIFF = True
# Not no-referrer: with it browsers send "Origin: null" on forms, which the CSRF check must refuse.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if TLS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TLS else None

# --- Logs: nothing of a request is ever logged by the public process (promise 4). ----------------
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "refusals": {"()": "upstander.config.logs.Refusals"},
        "nameless": {"()": "upstander.config.logs.NoRequest"},
    },
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "plain",
            "filters": ["refusals", "nameless"],
        }
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "upstander": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
    },
}

NEUTRAL_URL = environment.given("UPSTANDER_NEUTRAL_URL")
#: A routing server on one's own network (OSRM's table service), for how long a way takes.
ROUTING_URL = environment.given("UPSTANDER_ROUTING_URL")
#: The app in Android's store: its package, its certificate's SHA-256.
ANDROID_PACKAGE = environment.given("UPSTANDER_ANDROID_PACKAGE")
ANDROID_CERTIFICATE = environment.given("UPSTANDER_ANDROID_CERTIFICATE")
PROVIDERS = environment.given("UPSTANDER_PROVIDERS")
#: The watch's port, test tips, dead man's switch.
WATCH_PORT = environment.number("UPSTANDER_WATCH_PORT")
TEST_PHONE = environment.given("UPSTANDER_TEST_PHONE")
PROBE_SECONDS = float(environment.given("UPSTANDER_PROBE_SECONDS"))
PING_URL = environment.given("UPSTANDER_PING_URL")
