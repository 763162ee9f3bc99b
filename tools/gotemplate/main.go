// Executes templates as Cluster API does, for the tests of src/cluster_stacks/gotemplate.
//
// Reads lines of JSON {"template", "data", "functions": "sprig"|"none", "missingkey": "default"|"error"} from standard
// input and answers each with a line {"output"} (or {"bytes"}, in base64, where it is no UTF-8) or {"error", "phase"}.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"text/template"
	"unicode/utf8"

	"github.com/Masterminds/sprig/v3"
)

type question struct {
	Template   string `json:"template"`
	Data       any    `json:"data"`
	Functions  string `json:"functions"`
	MissingKey string `json:"missingkey"`
}

type answer struct {
	Output *string `json:"output,omitempty"`
	Bytes  []byte  `json:"bytes,omitempty"`
	Error  string  `json:"error,omitempty"`
	Phase  string  `json:"phase,omitempty"`
}

// bounded is a buffer that refuses to grow for ever.
type bounded struct{ bytes.Buffer }

func (b *bounded) Write(p []byte) (int, error) {
	if b.Len()+len(p) > 1<<20 {
		return 0, errors.New("the output is too long")
	}
	return b.Buffer.Write(p)
}

func run(q question) (a answer) {
	defer func() {
		if r := recover(); r != nil {
			a = answer{Error: fmt.Sprint(r), Phase: "panic"}
		}
	}()
	t := template.New("tpl")
	if q.Functions != "none" {
		t = t.Funcs(sprig.HermeticTxtFuncMap())
	}
	if q.MissingKey == "error" {
		t = t.Option("missingkey=error")
	}
	t, err := t.Parse(q.Template)
	if err != nil {
		return answer{Error: err.Error(), Phase: "parse"}
	}
	var out bounded
	if err := t.Execute(&out, q.Data); err != nil {
		return answer{Error: err.Error(), Phase: "execute"}
	}
	text := out.String()
	if !utf8.ValidString(text) {
		return answer{Bytes: out.Bytes()}
	}
	return answer{Output: &text}
}

func main() {
	lines := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	in := json.NewDecoder(lines)
	for in.More() {
		var q question
		if err := in.Decode(&q); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
		if err := out.Encode(run(q)); err != nil {
			os.Exit(2)
		}
	}
}
