//! The rules about the syntax of a document: one file each, with its words.

pub(crate) mod byte_order_mark;
pub(crate) mod invalid_json;
pub(crate) mod invalid_plist;
pub(crate) mod oversized_document;

use super::{Syntax, SyntaxFault};
use crate::diagnostic::{Draft, Proposal, Remedy, Spot};

/// The diagnostic of a mistake in the syntax.
pub(crate) fn diagnostic(fault: SyntaxFault, syntax: Syntax) -> Draft {
    let rule = match syntax {
        Syntax::Json => &invalid_json::RULE,
        Syntax::PropertyList => &invalid_plist::RULE,
    };
    let surplus = (!fault.surplus.is_empty()).then(|| Proposal::safe(Remedy::Delete(fault.surplus), "remove what is not JSON"));
    let diagnostic = rule.at(Spot::at("", fault.span), fault.message).help(fault.help).fix(surplus);
    fault.related.into_iter().fold(diagnostic, |diagnostic, (message, span)| diagnostic.related(message, Spot::at("", span)))
}
