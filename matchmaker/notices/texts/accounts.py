"""What is told about an account."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from matchmaker.notices.texts.text import Text, Texts

TO_HOLDER = {
    "account.confirm": Text(
        _l("Please confirm your e-mail address"),
        _l(
            "You, or someone using your address, registered on East–West Matchmaker. Open "
            "the link within two days to confirm. If it was not you, ignore this mail."
        ),
        _l("Confirm my address"),
    ),
    "account.exists": Text(
        _l("You already have an account"),
        _l(
            "Someone tried to register with this address, which already has an account. If "
            "it was you, sign in. If not, you need not do anything."
        ),
        _l("Sign in"),
    ),
    "account.reset": Text(
        _l("Choose a new password"),
        _l(
            "A new password was requested for this address. Use the link within one hour; it "
            "works once. If you did not ask for it, ignore this mail: your password stays as "
            "it is."
        ),
        _l("Choose a password"),
    ),
    "account.welcome": Text(
        _l("An account was opened for you"),
        _l(
            "%(name)s, an administrator of East–West Matchmaker opened it. Choose a password "
            "within two weeks; the link works once. If you did not expect this, ignore this mail."
        ),
        _l("Choose a password"),
    ),
    "account.password_changed": Text(
        _l("Your password was changed"),
        _l("If this was not you, choose a new password now. You will be signed out everywhere."),
        _l("Choose a new password"),
    ),
    "account.erased": Text(
        _l("Your account was erased"),
        _l(
            "Your name and your address are no longer in it. "
            "If it was not you, write to the administrator of the site."
        ),
        _l("Open the site"),
    ),
    "account.new_sign_in": Text(
        _l("A new sign-in to your account"),
        _l(
            "%(time)s, from the address %(address)s, with %(browser)s. "
            "If it was not you, end that session and change your password."
        ),
        _l("See where you are signed in"),
    ),
    "account.factor_confirmed": Text(
        _l("Signing in now needs a code from your app"),
        _l("If it was not you who set this up, choose a new password and tell the administrator."),
        _l("Choose a new password"),
    ),
    "account.factor_removed": Text(
        _l("Signing in no longer needs a code from your app"),
        _l("If it was not you who removed it, choose a new password now."),
        _l("Choose a new password"),
    ),
    "account.factor_reset": Text(
        _l("An administrator has removed your authenticator app"),
        _l(
            "You now sign in with your password alone, and can set up an app again. If "
            "you did not ask for this, tell the administrator."
        ),
        _l("Sign in"),
    ),
    "account.sign_in_linked": Text(
        _l("You can sign in with your account of %(institution)s"),
        _l(
            "It was used for the first time and is now linked to your account here. If "
            "it was not you, unlink it and choose a new password."
        ),
        _l("Look at your account"),
    ),
    "account.sign_in_unlinked": Text(
        _l("Your account of %(institution)s no longer signs you in here"),
        _l("You sign in with your password. If it was not you who unlinked it, choose a new one."),
        _l("Choose a new password"),
    ),
    "account.recovery_code_used": Text(
        _l("A recovery code was used to sign in"),
        _l(
            "You have %(number)s recovery codes left. If it was not you, choose a new password now."
        ),
        _l("Choose a new password"),
    ),
    "account.change_email": Text(
        _l("Please confirm your new e-mail address"),
        _l(
            "You, or someone using your account, asked to sign in with this address from now "
            "on. Open the link within one day to confirm. If it was not you, ignore this "
            "mail."
        ),
        _l("Confirm the new address"),
    ),
    "account.email_changed": Text(
        _l("The e-mail address of your account has changed"),
        _l(
            "You now sign in with %(email)s. If you did not make this change, undo it "
            "within seven days. That signs everyone out and lets you choose a new "
            "password."
        ),
        _l("Undo the change"),
    ),
}

TEXTS: Texts = {None: TO_HOLDER}
