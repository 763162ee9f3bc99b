// Answers questions about CEL rules as the API server does: one JSON object a line in, one out.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"

	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	v1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel/model"
	utiljson "k8s.io/apimachinery/pkg/util/json"
	"k8s.io/apimachinery/pkg/util/validation/field"
	celconfig "k8s.io/apiserver/pkg/apis/cel"
	"k8s.io/apiserver/pkg/cel/environment"
)

type question struct {
	Schema  json.RawMessage `json:"schema"`
	Rule    string          `json:"rule"`
	Message string          `json:"message"`
	Root    bool            `json:"root"`
	Self    json.RawMessage `json:"self"`
	Old     json.RawMessage `json:"old"`
}

type answer struct {
	Error  string   `json:"error,omitempty"`
	Cost   uint64   `json:"cost"`
	Result []string `json:"result"`
}

func main() {
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(make([]byte, 1<<20), 1<<26)
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	for in.Scan() {
		var q question
		if err := json.Unmarshal(in.Bytes(), &q); err != nil {
			panic(err)
		}
		if err := out.Encode(reply(q)); err != nil {
			panic(err)
		}
	}
}

func reply(q question) answer {
	var external v1.JSONSchemaProps
	if err := json.Unmarshal(q.Schema, &external); err != nil {
		return answer{Error: "schema: " + err.Error()}
	}
	var internal apiextensions.JSONSchemaProps
	if err := v1.Convert_v1_JSONSchemaProps_To_apiextensions_JSONSchemaProps(&external, &internal, nil); err != nil {
		return answer{Error: "schema: " + err.Error()}
	}
	internal.XValidations = apiextensions.ValidationRules{{Rule: q.Rule, MessageExpression: q.Message}}
	structural, err := schema.NewStructural(&internal)
	if err != nil {
		return answer{Error: "schema: " + err.Error()}
	}
	base := environment.MustBaseEnvSet(environment.DefaultCompatibilityVersion())
	results, err := cel.Compile(structural, model.SchemaDeclType(structural, q.Root), celconfig.PerCallLimit, base, cel.NewExpressionsEnvLoader())
	if err != nil {
		return answer{Error: err.Error()}
	}
	if results[0].Error != nil {
		return answer{Error: results[0].Error.Detail}
	}
	if results[0].MessageExpressionError != nil {
		return answer{Error: results[0].MessageExpressionError.Detail}
	}
	found := answer{Cost: min(results[0].MaxCost, math.MaxInt64), Result: []string{}}
	if q.Self == nil {
		return found
	}
	var self, old any
	if err := utiljson.Unmarshal(q.Self, &self); err != nil {
		panic(err)
	}
	if q.Old != nil {
		if err := utiljson.Unmarshal(q.Old, &old); err != nil {
			panic(err)
		}
	}
	validator := cel.NewValidator(structural, q.Root, celconfig.PerCallLimit)
	errs, _ := validator.Validate(context.Background(), field.NewPath("$"), structural, self, old, celconfig.RuntimeCELCostBudget)
	for _, each := range errs {
		found.Result = append(found.Result, fmt.Sprintf("%s: %s", each.Type, each.Detail))
	}
	return found
}
