//! `GET /v1/openapi.json`: what the interface offers, said once. A route and
//! its description are the same line of code; schemas are made of the types.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Json, Router,
    handler::Handler,
    routing::{MethodRouter, get, post},
};
use lantian_domain::command::{CommandName, schema};
use schemars::{JsonSchema, Schema, SchemaGenerator, generate::SchemaSettings};
use serde_json::{Map, Value, json};

use crate::serve::App;

/// A route as it is described.
#[derive(Clone, Debug)]
pub struct Door {
    path: &'static str,
    method: &'static str,
    about: &'static str,
    room: &'static str,
    answer: Option<fn(&mut SchemaGenerator) -> Schema>,
}

/// Routes with their descriptions.
pub struct Doors {
    room: &'static str,
    router: Router<Arc<App>>,
    described: Vec<Door>,
}

impl Doors {
    /// No routes yet, of the room `room`.
    pub fn new(room: &'static str) -> Self {
        Self { room, router: Router::new(), described: Vec::new() }
    }

    /// Adds a `POST` that answers `T`.
    #[must_use]
    pub fn post<T: JsonSchema, H, P>(
        self,
        path: &'static str,
        about: &'static str,
        handler: H,
    ) -> Self
    where
        H: Handler<P, Arc<App>>,
        P: 'static,
    {
        let answer =
            Some(SchemaGenerator::subschema_for::<T> as fn(&mut SchemaGenerator) -> Schema);
        self.add(path, "post", about, answer, post(handler))
    }

    /// Adds a route whose answer is written down in the protocol.
    #[must_use]
    pub fn route(
        self,
        path: &'static str,
        method: &'static str,
        about: &'static str,
        handler: MethodRouter<Arc<App>>,
    ) -> Self {
        self.add(path, method, about, None, handler)
    }

    fn add(
        mut self,
        path: &'static str,
        method: &'static str,
        about: &'static str,
        answer: Option<fn(&mut SchemaGenerator) -> Schema>,
        handler: MethodRouter<Arc<App>>,
    ) -> Self {
        self.router = self.router.route(path, handler);
        self.described.push(Door { path, method, about, room: self.room, answer });
        self
    }

    /// The routes.
    pub fn into_router(self) -> Router<Arc<App>> {
        self.router
    }

    /// Their descriptions.
    pub fn into_described(self) -> Vec<Door> {
        self.described
    }
}

/// The route of the description itself.
pub(super) fn router() -> Router<Arc<App>> {
    Router::new().route("/v1/openapi.json", get(|| async { Json(document()) }))
}

/// The whole interface.
pub fn document() -> Value {
    let mut generator = SchemaSettings::openapi3().into_generator();
    let mut paths: BTreeMap<&str, Map<String, Value>> = BTreeMap::new();
    let doors = super::describe().into_iter().chain(crate::channel::describe());
    for door in doors {
        let operation = operation(&door, &mut generator);
        paths.entry(door.path).or_default().insert(door.method.to_owned(), operation);
    }
    let mut schemas = generator.take_definitions(true);
    for name in CommandName::ALL {
        schemas.insert(format!("command_{}", name.as_str()), schema(*name).to_value());
    }
    json!({
        "openapi": "3.0.3",
        "info": {
            "title": "蓝天报装",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Errors are application/problem+json with a stable code; \
                            those of the channels are errcode, errmsg and fields.",
        },
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "session": { "type": "http", "scheme": "bearer" },
                "client": { "type": "apiKey", "in": "header", "name": crate::channel::signature::SIGNATURE },
            },
        },
    })
}

fn operation(door: &Door, generator: &mut SchemaGenerator) -> Value {
    let parameters: Vec<Value> = door
        .path
        .split('/')
        .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
        .map(|name| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } }))
        .collect();
    let schema = door.answer.map_or(json!({}), |answer| answer(generator).to_value());
    let security = if door.room == "channels" { "client" } else { "session" };
    json!({
        "summary": door.about,
        "tags": [door.room],
        "operationId": format!("{}{}", door.method, door.path.replace(['/', '{', '}', '.'], "_")),
        "parameters": parameters,
        "security": [{ security: [] }],
        "responses": {
            "200": { "description": "done", "content": { "application/json": { "schema": schema } } },
            "default": { "description": "why not, and what to do" },
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_described_route_is_there_once_with_its_parameters() {
        let told = document();
        let paths = told["paths"].as_object().unwrap();
        let take = &paths["/v1/channels/{channel}/applications"]["post"];
        assert_eq!(take["parameters"][0]["name"], "channel");
        assert!(paths.contains_key("/v1/commands") && paths.contains_key("/v1/feed"));
        let mut ids: Vec<&str> = paths
            .values()
            .flat_map(|path| path.as_object().unwrap().values())
            .map(|operation| operation["operationId"].as_str().unwrap())
            .collect();
        let count = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), count);
        assert!(told["components"]["schemas"]["command_submit_demand"].is_object());
    }
}
